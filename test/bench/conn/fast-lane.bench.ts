import { bench } from 'vitest';
import { ConnectionTracker } from '../../../src/conn/tracker.ts';
import type { ConnSink } from '../../../src/model/connection.ts';
import { Line, segment } from '../../kit/segments.ts';

const nothing = (): void => {};
const sink: ConnSink = {
  ...{ opened: nothing, established: nothing, chunk: nothing, gap: nothing },
  ...{ finished: nothing, reset: nothing, refused: nothing, forgotten: nothing },
};
const tracker = new ConnectionTracker(sink);
const { client, handshake } = new Line(tracker).conversation();
handshake();
const body = segment({
  from: client.from,
  to: client.to,
  content: 'x'.repeat(1400),
  seq: client.seq,
  ack: client.other.seq,
});

bench('takes: octets in order', () => {
  tracker.segment(body);
  body.seq = (body.seq + 1400) >>> 0;
  body.ipId = (body.ipId + 1) & 0xffff;
});
