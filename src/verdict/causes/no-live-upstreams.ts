import type { Incident, NoLive, PeerFailure } from '../../model/incident.ts';
import { type Nanos, SECOND } from '../../model/time.ts';
import type { Evidence } from '../../model/verdict.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { COUNT_UNSEEN, RACE_ADVICE } from '../story.ts';
import { duration, packet } from '../words.ts';

export const noLiveUpstreams: CauseFile = {
  cause: 'no-live-upstreams',
  section: 'No attempt made',
  title: 'Every peer of the group was considered down',
  meaning:
    'Earlier failures had used up max_fails (1 by default) of every peer, so for fail_timeout (10 s) nobody is asked at all. This 502 is a symptom: the cause is in the failures before it.',
  recognised: {
    packets: 'a 502 without any upstream packet, and failed attempts at every peer of the group shortly before',
    kernel: 'the request is read, a line of the error log written, then the 502; no socket in between',
    log: 'no live upstreams while connecting to upstream',
  },
  subcauses: {
    'all-failed': 'every peer failed within fail_timeout',
    'all-down': 'every peer is marked down in the configuration',
    'max-conns': 'every peer is at max_conns',
    'dns-empty': 'the group is empty: its name resolved to nothing',
    reconfigured: 'the group was resolved anew between two tries',
    'after-stale-keepalive': 'the first failure was a race on a kept-alive connection',
  },
  roots: [
    'a first, real failure of each peer',
    'max_fails=1 with few peers',
    'one lost keep-alive race while the other peer is down',
  ],
  remedies: [
    'Follow the root chain: repair what failed first.',
    'Raise max_fails (or max_fails=0) and lower fail_timeout, so that one failure does not take a peer away from everybody.',
    'Give the upstream block a "zone", so that the workers share what they know.',
  ],
  elsewhere: { haproxy: '503 SC, <NOSRV>', envoy: '503 UH' },
  log: /^no live upstreams while connecting to upstream/,
  judgeAbsence,
};

/** fail_timeout where it is not set: for so long nobody asks a peer again. */
const FAIL_TIMEOUT: Nanos = 10 * SECOND;

function judgeAbsence({ noLive, exchange }: Incident): Judgement | undefined {
  if (!noLive) return undefined;
  const peers = [...new Set(noLive.chain.map((link) => link.peer))];
  const who = peers.length === 0 ? 'every peer' : peers.join(', ');
  const now = exchange.response?.start.at ?? exchange.request?.head.at;
  return {
    subcause: noLive.afterStaleKeepalive ? 'after-stale-keepalive' : 'all-failed',
    confidence: noLive.sure ? 'likely' : 'possible',
    sentence: isRaceAlone(noLive)
      ? `No peer was asked, although nothing is known to be wrong with ${who}: ${whose(noLive)} met kept-alive connections that had just been closed, at every peer, and each such race takes a peer away from the group.`
      : `No peer was asked: ${who} had failed shortly before, so the gateway considered the whole group down.`,
    evidence: noLive.chain.map((failure) => evidenceOf(failure, now)),
    alternatives: [
      { cause: 'cached-502', why: 'a stored 502 leaves no upstream traffic either' },
      { cause: 'config-response', why: 'a 502 of the configuration leaves no upstream traffic either' },
    ],
    unseen: [COUNT_UNSEEN],
    ...(isRaceAlone(noLive) && { advice: RACE_ADVICE, adviceInstead: true }),
  };
}

/** The outage amplifier: all that ever happened were lost races. */
function isRaceAlone({ chain }: NoLive): boolean {
  return chain.length > 0 && chain.every(({ reused }) => reused);
}

/** `one request (i-3)`, where the whole outage is the work of a single one. */
function whose({ chain }: NoLive): string {
  const ids = new Set(chain.map(({ id }) => id));
  const [id = ''] = ids;
  if (ids.size > 1) return `${ids.size} requests`;
  return id === '' ? 'a request' : `one request (${id})`;
}

/** When the peer failed, and when it is asked again at the earliest. */
function evidenceOf({ id, peer, moment, reused }: PeerFailure, now: Nanos | undefined): Evidence {
  const failed = `${peer} failed${reused ? ' on a kept-alive connection' : ''}${id === '' ? '' : ` (${id})`}`;
  if (now === undefined) return packet(moment, failed);
  const left = moment.at + FAIL_TIMEOUT - now;
  const back =
    left > 0
      ? `with the default fail_timeout of 10 s it is asked again ${duration(left)} after this 502`
      : 'longer ago than the default fail_timeout of 10 s: a longer one is set';
  return packet(moment, `${failed} ${duration(Math.max(0, now - moment.at))} before; ${back}`);
}
