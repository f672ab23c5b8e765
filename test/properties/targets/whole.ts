/**
 * What a campaign is against: octets of a capture in, through the true pipeline, reports of every kind out. Wrong is
 * whatever throws, JSON that breaks the schema, text that could steer a terminal, and another answer to other pieces.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SECOND } from '../../../src/model/time.ts';
import { createPipeline } from '../../../src/pipeline.ts';
import { jsonSink } from '../../../src/sinks/json.ts';
import { ndjsonSink } from '../../../src/sinks/ndjson.ts';
import type { Output } from '../../../src/sinks/output.ts';
import { MASK_SECRETS } from '../../../src/sinks/secrets.ts';
import type { RunFacts } from '../../../src/sinks/sink.ts';
import { textSink } from '../../../src/sinks/text/report.ts';
import { CaptureStream } from '../../../src/sources/pcap/capture-stream.ts';
import { Reading } from '../../../src/sources/pcap/reading.ts';
import { Random } from '../random.ts';

/** One case in this many is asked twice, in other pieces. */
const ASKED_TWICE = 8;

const schema = new URL('../../../src/sinks/ndjson.schema.json', import.meta.url);
const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));

let cases = 0;

export function run(octets: Uint8Array): void {
  const whole = reports([octets]);
  for (const line of whole.ndjson.trimEnd().split('\n')) {
    if (!fits(JSON.parse(line))) throw new Error(`breaks the schema: ${JSON.stringify(fits.errors)}: ${line}`);
  }
  JSON.parse(whole.json);
  const steering = /[^\n\P{C}]|[\p{Zl}\p{Zp}]/u.exec(whole.text);
  if (steering) throw new Error(`not safe to print: U+${steering[0].codePointAt(0)?.toString(16)}`);
  if (cases++ % ASKED_TWICE !== 0) return;
  const pieces = reports(inPieces(octets, new Random(octets.length)));
  if (pieces.ndjson !== whole.ndjson) throw new Error(`another answer in pieces:\n${whole.ndjson}\n${pieces.ndjson}`);
}

function inPieces(octets: Uint8Array, random: Random): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = 1 + random.below(random.pick([3, 40, 2000]));
    // A copy: nobody may look beyond the piece, or keep it.
    pieces.push(octets.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** What `why502 analyze` would print of a capture that comes in these pieces. */
export function reports(pieces: readonly Uint8Array[]): { ndjson: string; json: string; text: string } {
  let epoch = 0n;
  const outputs = { ndjson: memoryOutput(), json: memoryOutput(), text: memoryOutput() };
  const context = () => ({ file: 'case', epoch, mask: MASK_SECRETS });
  const sinks = [
    ndjsonSink(outputs.ndjson, context),
    jsonSink(outputs.json, context),
    textSink(outputs.text, context, { width: 100, colour: false, live: false, all: true }),
  ];
  const pipeline = createPipeline(
    { gateways: [], settle: 10 * SECOND },
    {
      verdict: (verdict) => {
        for (const sink of sinks) sink.verdict(verdict);
      },
      loss: (loss) => {
        for (const sink of sinks) sink.loss(loss);
      },
    },
  );
  const reading = new Reading(pipeline, {
    epoch: (first) => {
      epoch = first;
    },
  });
  const stream = new CaptureStream(reading);
  for (const piece of pieces) stream.push(piece);
  stream.end();
  pipeline.end();
  const run: RunFacts = {
    file: 'case',
    gateways: [],
    epoch,
    started: reading.frames > 0 ? reading.earliest : 0,
    ended: reading.frames > 0 ? reading.latest : 0,
    // How far the stream looked beyond damage depends on the pieces; nobody promises otherwise.
    octets: pieces.reduce((sum, piece) => sum + piece.length, 0),
    frames: reading.frames,
    requests: 0,
    lost: reading.lost,
    counters: {},
    damage: reading.damage,
    interrupted: false,
  };
  for (const sink of sinks) sink.end(run);
  return { ndjson: outputs.ndjson.text(), json: outputs.json.text(), text: outputs.text.text() };
}

function memoryOutput(): Output & { text(): string } {
  const written: string[] = [];
  return {
    write: (text) => {
      written.push(text);
    },
    flush: () => {},
    closed: false,
    text: () => written.join(''),
  };
}
