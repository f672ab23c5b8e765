/** Octets of HTTP/2 frames for gRPC peers (RFC 9113; HPACK literals without indexing). */

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const word = (...values: readonly number[]) => {
  const octets = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) octets.writeUInt32BE(value, 4 * index);
  return octets;
};

function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

export const SETTINGS = frame(4, 0, 0);
const SETTINGS_ACK = frame(4, 1, 0);
/** Index 8 of the static table is `:status: 200`. */
const OK_HEAD = Buffer.concat([Buffer.from([0x88]), literal('content-type', 'application/grpc')]);

export const GRPC_OK = Buffer.concat([
  SETTINGS,
  SETTINGS_ACK,
  frame(1, 4, 1, OK_HEAD),
  frame(0, 0, 1, Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01])),
  frame(1, 5, 1, literal('grpc-status', '0')),
]);
/** Last stream 0: the request's stream 1 was not taken. */
export const goaway = (code: number) => Buffer.concat([SETTINGS, SETTINGS_ACK, frame(7, 0, 0, word(0, code))]);
export const resetStream = (code: number) => Buffer.concat([SETTINGS, SETTINGS_ACK, frame(3, 0, 1, word(code))]);
/** Larger than the 16,384 octets that nobody allowed it to exceed. */
export const OVERSIZED = Buffer.concat([SETTINGS, frame(0, 0, 1, Buffer.alloc(20_000))]);
export const WITHOUT_STATUS = Buffer.concat([SETTINGS, frame(1, 4, 1, literal('content-type', 'application/grpc'))]);
export const UNKNOWN_STREAM = Buffer.concat([SETTINGS, SETTINGS_ACK, frame(1, 4, 7, OK_HEAD)]);
