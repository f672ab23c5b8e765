/** Names of numbers that peers say: TLS alerts, HTTP/2 errors, ICMP codes. */

/** Errors of connect(2) and accept(2), by number, as the error log of a gateway words them. */
const ERRNOS: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  11: 'Resource temporarily unavailable',
  13: 'Permission denied',
  22: 'Invalid argument',
  23: 'Too many open files in system',
  24: 'Too many open files',
  97: 'Address family not supported by protocol',
  99: 'Cannot assign requested address',
  101: 'Network is unreachable',
  104: 'Connection reset by peer',
  105: 'No buffer space available',
  110: 'Connection timed out',
  111: 'Connection refused',
  113: 'No route to host',
};

/** `Permission denied (errno 13)` */
export function errnoText(errno: number): string {
  const name = ERRNOS[errno];
  return name === undefined ? `errno ${errno}` : `${name} (errno ${errno})`;
}

/** TLS alert descriptions (RFC 8446 6; those of older versions from RFC 5246 7.2). */
const TLS_ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

export function tlsAlertName(description: number): string {
  return TLS_ALERTS[description] ?? 'unassigned';
}

/** HTTP/2 error codes (RFC 9113 7), by number from 0: the name, and what whoever sends it means. */
export const HTTP2_ERRORS: Readonly<Record<string, string>> = {
  NO_ERROR: 'a graceful end',
  PROTOCOL_ERROR: 'a rule was broken that has no code of its own',
  INTERNAL_ERROR: 'something unexpected happened inside',
  FLOW_CONTROL_ERROR: 'more was sent than the window allowed',
  SETTINGS_TIMEOUT: 'SETTINGS were not acknowledged in time',
  STREAM_CLOSED: 'a frame came for a stream that was half closed',
  FRAME_SIZE_ERROR: 'a frame had a size that is not allowed',
  REFUSED_STREAM: 'the stream was refused before anything was processed',
  CANCEL: 'the stream is not needed any more',
  COMPRESSION_ERROR: 'the state of header compression was lost',
  CONNECT_ERROR: 'the connection that CONNECT had made was reset or closed',
  ENHANCE_YOUR_CALM: 'the other end makes too much load',
  INADEQUATE_SECURITY: 'TLS below does not meet the requirements',
  HTTP_1_1_REQUIRED: 'HTTP/1.1 is wanted instead',
};
const HTTP2_NAMES: readonly string[] = Object.keys(HTTP2_ERRORS);

export function http2ErrorName(code: number): string {
  return HTTP2_NAMES[code] ?? 'an unassigned code';
}

/** As a subcause: `NO_ERROR`, and of a code that nobody assigned its number. */
export function http2Subcause(code: number): string {
  return HTTP2_NAMES[code] ?? String(code);
}

/** What a destination unreachable means to a connecting socket on Linux (net/ipv4/icmp.c icmp_err_convert, net/ipv6/icmp.c tab_unreach). */
export interface IcmpMeaning {
  readonly name: string;
  readonly errno: number;
}

const ICMP4: readonly IcmpMeaning[] = [
  { name: 'network unreachable', errno: 101 },
  { name: 'host unreachable', errno: 113 },
  { name: 'protocol unreachable', errno: 92 },
  { name: 'port unreachable', errno: 111 },
  { name: 'fragmentation needed', errno: 90 },
  { name: 'source route failed', errno: 95 },
  { name: 'network unknown', errno: 101 },
  { name: 'host unknown', errno: 112 },
  { name: 'source host isolated', errno: 64 },
  { name: 'network administratively prohibited', errno: 101 },
  { name: 'host administratively prohibited', errno: 113 },
  { name: 'network unreachable for this type of service', errno: 101 },
  { name: 'host unreachable for this type of service', errno: 113 },
  { name: 'communication administratively prohibited', errno: 113 },
  { name: 'host precedence violation', errno: 113 },
  { name: 'precedence cutoff', errno: 113 },
];

const ICMP6: readonly IcmpMeaning[] = [
  { name: 'no route to destination', errno: 101 },
  { name: 'communication administratively prohibited', errno: 13 },
  { name: 'beyond the scope of the source address', errno: 113 },
  { name: 'address unreachable', errno: 113 },
  { name: 'port unreachable', errno: 111 },
  { name: 'source address failed the policy', errno: 13 },
  { name: 'reject route to destination', errno: 13 },
];

/** Codes nobody assigned become EPROTO in Linux for ICMPv6; for ICMP they are ignored, so this is a guess of the same kind. */
const UNASSIGNED: IcmpMeaning = { name: 'unreachable for an unassigned reason', errno: 71 };

export function icmpMeaning(version: 4 | 6, code: number): IcmpMeaning {
  return (version === 4 ? ICMP4 : ICMP6)[code] ?? UNASSIGNED;
}

/** ICMP and ICMPv6 codes by which a filter, not a lack of a route, says no. */
export function isProhibition(version: 4 | 6, code: number): boolean {
  return version === 4 ? code === 9 || code === 10 || code === 13 : code === 1 || code === 5 || code === 6;
}
