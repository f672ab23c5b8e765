import type { CauseFile } from '../cause-file.ts';

export const authSubrequestFailed: CauseFile = {
  cause: 'auth-subrequest-failed',
  section: 'Neighbours: not a 502',
  title: 'The auth_request subrequest failed',
  meaning: 'The service behind auth_request failed (often with a 502 of its own). The client gets a 500, not that 502.',
  recognised: {
    packets: 'a failed attempt at the auth service, then a 500 to the client',
    kernel: 'the verdict on the socket of the auth service, then the 500',
    log: 'auth request unexpected status: 502',
  },
  roots: ['whatever made the auth service fail: see its own attempt'],
  remedies: ["Treat the failed attempt as the cause: it is the auth service's."],
  log: /^auth request unexpected status: (?<st>\d+)/,
};
