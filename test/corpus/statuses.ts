/** HTTP responses by status as our wire, conn and proto stations see them. */
import { gunzipSync } from 'node:zlib';
import { ConnectionTracker } from '../../src/conn/tracker.ts';
import { Recogniser } from '../../src/proto/recogniser.ts';
import { CaptureStream } from '../../src/sources/pcap/capture-stream.ts';
import { Reading } from '../../src/sources/pcap/reading.ts';
import { FrameDecoder } from '../../src/wire/decode.ts';

/** Written as tshark's are: `200:3 404:1`. Interim responses count, as they do there. */
export function statusesOf(capture: Uint8Array): string {
  const counts = new Map<number, number>();
  const recogniser = new Recogniser({
    recognised: () => {},
    message: (message) => {
      if (message.kind !== 'response-head' || message.dialogue.protocol !== 'http/1') return;
      counts.set(message.status, (counts.get(message.status) ?? 0) + 1);
    },
  });
  const tracker = new ConnectionTracker(recogniser);
  const decoder = new FrameDecoder({
    segment: (segment) => tracker.segment(segment),
    unreachable: (unreachable) => tracker.unreachable(unreachable),
    neighbour: () => {},
    datagram: () => {},
  });
  let now = 0;
  const reading = new Reading({
    frame: (frame) => {
      decoder.frame(frame);
      now = frame.at;
      tracker.tick(now);
    },
    journal: () => {},
    loss: (loss) => tracker.loss(loss),
  });
  const stream = new CaptureStream(reading);
  const gzipped = capture[0] === 0x1f && capture[1] === 0x8b;
  stream.push(gzipped ? gunzipSync(capture) : capture);
  stream.end();
  tracker.end(now);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}:${count}`)
    .join(' ');
}
