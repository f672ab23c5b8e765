/** Gateways in words: whose they are, and where clients reach them. */

export interface GatewayAt {
  /** `10.0.0.1:80`, also `0.0.0.0:80` */
  readonly at: string;
  /** `nginx 812 +4`, that many more processes; empty where it is not known. */
  readonly who: string;
}

/** Told of the same processes. */
const TOLD = 8;

/** A line for those of the same processes: `nginx 812 +4 at 10.0.0.1:80, [::1]:80`; whose they are is left out where it is not known. */
export function gatewayLines(gateways: readonly GatewayAt[]): string[] {
  return [...new Set(gateways.map(({ who }) => who))].map((who) => {
    const those = gateways.filter((gateway) => gateway.who === who);
    const more = those.length > TOLD ? ` and ${those.length - TOLD} more` : '';
    return `${who === '' ? '' : `${who} at `}${addresses(those.slice(0, TOLD))}${more}`;
  });
}

/** From the most that can be said to the least, for a line of whatever width; none where there is no gateway. */
export function gatewayWords(gateways: readonly GatewayAt[]): string[] {
  const [first, ...others] = gateways;
  if (first === undefined) return [];
  const brief = others.length > 0 ? `${first.at} +${others.length}` : first.at;
  return [...new Set([gatewayLines(gateways).join('; '), addresses(gateways), brief])];
}

function addresses(gateways: readonly GatewayAt[]): string {
  return gateways.map(({ at }) => at).join(', ');
}
