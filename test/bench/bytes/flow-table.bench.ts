import { bench } from 'vitest';
import { FlowTable } from '../../../src/bytes/flow-table.ts';

const FLOWS = 10_000;
const table = new FlowTable(FLOWS);
const client = { w0: 0, w1: 0, w2: 0xffff, w3: 0 };
const server = { w0: 0, w1: 0, w2: 0xffff, w3: 0xc0000201 };
for (client.w3 = 0; client.w3 < FLOWS; client.w3++) table.add(client, 40_000, server, 80);

bench('find', () => {
  client.w3 = (client.w3 + 7919) % FLOWS;
  table.find(server, 80, client, 40_000);
});
