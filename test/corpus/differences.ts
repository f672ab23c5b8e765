/**
 * Where we do not count what tshark counts, and why that is right, or a limit that we know. tshark.test.ts fails when a
 * difference is new, gone, or another one.
 */
interface Reason {
  readonly why: string;
  /** Capture -> our counts. */
  readonly captures: Readonly<Record<string, string>>;
}

const REASONS: readonly Reason[] = [
  {
    why: 'a status line that nginx takes for the body of an HTTP/0.9 answer (ngx_http_parse_status_line): no status was said',
    captures: {
      'suricata-verify/http-evader/http-evader-382/input.pcap': '',
      'suricata-verify/http-evader/http-evader-385/input.pcap': '',
      'suricata-verify/http-evader/http-evader-388/input.pcap': '',
      'suricata-verify/http-evader/http-evader-391/input.pcap': '',
      'suricata-verify/http-evader/http-evader-402/input.pcap': '',
      'suricata-verify/http-evader/http-evader-403/input.pcap': '',
      'suricata-verify/http-evader/http-evader-467/input.pcap': '',
      'suricata-verify/http-evader/http-evader-472/input.pcap': '',
      'suricata-verify/http-evader/http-evader-474/input.pcap': '',
      'suricata-verify/http-evader/http-evader-477/input.pcap': '',
      'suricata-verify/http-evader/http-evader-479/input.pcap': '',
      'suricata-verify/http1-noint-status/input.pcap': '',
      'zeek/redis/oss-fuzz-473580107.pcap': '',
    },
  },
  {
    why: 'version 0.9 in a status line, which nginx does not take for one (ngx_http_parse_status_line wants 1 to 9 first)',
    captures: {
      'suricata-verify/http-evader/http-evader-365/input.pcap': '',
    },
  },
  {
    why: 'the head ends in LF CR CR LF, which no rule calls its end (RFC 9112 2.2): nginx answers header-invalid',
    captures: {
      'suricata-verify/http-evader/http-evader-410/input.pcap': '',
      'suricata-verify/http-evader/http-evader-412/input.pcap': '',
    },
  },
  {
    why: "tshark also counts a response inside an sFlow sample, a copy of somebody else's packet",
    captures: {
      'suricata-verify/filestore-5408/input.pcap': '200:8',
    },
  },
  {
    why: 'tshark loses its place at a gap; the next head begins a segment, and we find it',
    captures: {
      'suricata-verify/http-gap-beyond-body/input.pcap': '200:2',
      'suricata-verify/http-gap-double/input.pcap': '200:3',
    },
  },
  {
    why: "the last body is not whole, and its head shares a connection with bodies: each way of tshark's counting misses another one",
    captures: {
      'suricata-verify/http-range-file/input.pcap': '206:15',
    },
  },
  {
    why: 'a reset with the right sequence number ends the connection; that it was forged shows only later',
    captures: {
      'suricata-verify/security-4710-01/input.pcap': '',
    },
  },
  {
    why: 'link type ARCNET, which no gateway has',
    captures: {
      'tcpdump/arcnet-rfc1051-arp-icmp-http.pcap': '',
    },
  },
  {
    why: 'HTTP on a port that tshark gives to another protocol; we go by content',
    captures: {
      'zeek/http/http-single-conn-22.pcap': '200:1',
      'zeek/http/zeek-image-post-1080-8000-x.pcap': '200:1',
      'zeek/postgresql/http-on-port-5432.pcap': '200:1',
    },
  },
  {
    why: 'HTTP inside SOCKS: what the connection itself speaks is SOCKS, and a proxy of that kind makes no 502',
    captures: {
      'zeek/socks.pcap': '',
      'zeek/tunnels/socks.pcap': '',
    },
  },
];

export const DIFFERENCES: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(({ captures }) => Object.entries(captures)),
);
