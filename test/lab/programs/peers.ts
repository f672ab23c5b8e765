/** The process of the scripted peers of one namespace: `peers.ts DIR local|far`. Says `ready` once all of them listen. */
import { placePeers } from '../addresses.ts';
import { listen } from '../peers/listen.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { readCertificates } from './certificates.ts';
import { listenDns } from './dns.ts';

const [dir = '', place = 'local'] = process.argv.slice(2);
const files = readCertificates(dir);
const here = placePeers(SCENARIOS, dir).filter(({ peer }) => (peer.at ?? 'local').startsWith(place));
await Promise.all(here.map(({ peer, address }) => listen(peer, address, files)));
if (place === 'local') await listenDns();
process.stdout.write('ready\n');
