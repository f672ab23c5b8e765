import type { CauseFile } from '../cause-file.ts';

export const configResponse: CauseFile = {
  cause: 'config-response',
  section: 'No attempt made',
  title: 'The configuration itself answers 502',
  meaning:
    'No peer was asked: a directive such as return 502, error_page ... =502, limit_req_status 502 or try_files ... =502 produced the answer.',
  recognised: {
    packets: 'a 502 without any upstream packet; the same as every other cause of this family',
    kernel: 'the request is read and the 502 written with nothing between, not even a line of the error log',
    log: 'no line (limit_req and limit_conn write their own)',
  },
  roots: [
    'return 502 in a location',
    'error_page N =502',
    'limit_req_status or limit_conn_status 502',
    'a script (njs, lua, perl)',
  ],
  remedies: [
    'nginx -T | grep -n 502: find the directive that says so.',
    'If the location should reach a peer, look which location block really matched.',
  ],
};
