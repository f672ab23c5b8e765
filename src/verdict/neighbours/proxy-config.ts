import type { CauseFile } from '../cause-file.ts';

export const proxyConfig: CauseFile = {
  cause: 'proxy-config',
  section: 'Neighbours: not a 502',
  title: "The gateway's own configuration is wrong",
  meaning: 'The address of the peer, made at run time, has no port or no valid form. nginx answers 500, not 502.',
  recognised: {
    packets: 'a 500 without any upstream packet',
    kernel: 'the request is read, a line of the error log written, then the 500',
    log: 'no port in upstream "NAME"; invalid URL prefix in "..."; no upstream configuration',
  },
  roots: ['a variable in proxy_pass that is empty or incomplete'],
  remedies: ['Log the variable (log_format) and correct where it is set.'],
  log: /^(?:no port in upstream|no upstream configuration|invalid URL prefix in|zero length URI to proxy)/,
};
