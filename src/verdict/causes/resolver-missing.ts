import type { CauseFile } from '../cause-file.ts';

export const resolverMissing: CauseFile = {
  cause: 'resolver-missing',
  section: 'No attempt made',
  title: 'proxy_pass holds a variable, but no resolver is set',
  meaning:
    'With a variable in proxy_pass the name is looked up at run time, which needs a resolver directive. There is none, so the request fails at once.',
  recognised: {
    packets: 'a 502 without any upstream packet and without a DNS query',
    kernel: 'no datagram socket is opened between the request and the 502',
    log: 'no resolver defined to resolve NAME',
  },
  roots: ['a variable was added to proxy_pass', 'the resolver directive is in another block'],
  remedies: [
    'Add "resolver ADDRESS valid=30s;" to the http, server or location block.',
    'Or name the peers in an upstream block and refer to that name.',
  ],
  log: /^no resolver defined to resolve (?<host>\S+)/,
};
