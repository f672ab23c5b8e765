import type { CauseFile } from '../cause-file.ts';

export const subrequestOnly: CauseFile = {
  cause: 'subrequest-only',
  section: 'Neighbours: not a 502',
  title: 'Only a subrequest failed',
  meaning:
    'A mirror, an SSI include or a background update of the cache failed. The client got its answer from somewhere else.',
  recognised: {
    packets: 'a failed attempt beside a response that does not come from it',
    kernel: 'the verdict on the socket, no write to the client next to it',
    log: 'a line with "subrequest:" in it',
  },
  roots: ['the peer of a mirror is down', 'an SSI include points to a dead peer'],
  remedies: ['Repair it if the copy or the fragment matters; the client was not harmed.'],
};
