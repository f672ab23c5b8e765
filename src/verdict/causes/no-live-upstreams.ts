import type { Incident } from '../../model/incident.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';

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

function judgeAbsence({ noLive }: Incident): Judgement | undefined {
  if (!noLive) return undefined;
  const peers = [...new Set(noLive.chain.map((link) => link.peer))];
  const who = peers.length === 0 ? 'every peer' : peers.join(', ');
  return {
    subcause: noLive.afterStaleKeepalive ? 'after-stale-keepalive' : 'all-failed',
    confidence: noLive.sure ? 'likely' : 'possible',
    sentence: `No peer was asked: ${who} had failed shortly before, so the gateway considered the whole group down.`,
    evidence: [],
    alternatives: [
      { cause: 'cached-502', why: 'a stored 502 leaves no upstream traffic either' },
      { cause: 'config-response', why: 'a 502 of the configuration leaves no upstream traffic either' },
    ],
    unseen: ['the gateway\'s own count of failures: only its error log tells ("no live upstreams")'],
  };
}
