import { expect, test } from 'vitest';
import { separated, streamOutput, type TextStream } from '../../src/sinks/output.ts';

class FakeStream implements TextStream {
  readonly written: string[] = [];
  failure: string | undefined;

  write(text: string): void {
    if (this.failure) throw Object.assign(new Error(this.failure), { code: this.failure });
    this.written.push(text);
  }
}

test('small writes are gathered until they are flushed', () => {
  const stream = new FakeStream();
  const output = streamOutput(stream);
  output.write('a');
  output.write('b');
  expect(stream.written).toEqual([]);
  output.flush();
  output.flush();
  expect(stream.written).toEqual(['ab']);
});

test('large writes do not wait', () => {
  const stream = new FakeStream();
  streamOutput(stream).write('x'.repeat(100_000));
  expect(stream.written).toHaveLength(1);
});

test.each(['EPIPE', 'ECONNRESET'])('after the reader has gone (%s) nothing is written, and nobody is told', (code) => {
  const stream = new FakeStream();
  const output = streamOutput(stream);
  stream.failure = code;
  output.write('x'.repeat(100_000));
  stream.failure = undefined;
  output.write('y'.repeat(100_000));
  output.flush();
  expect(output.closed).toBe(true);
  expect(stream.written).toEqual([]);
});

test('a full disk is told', () => {
  const stream = new FakeStream();
  const errors: Error[] = [];
  const output = streamOutput(stream, (error) => errors.push(error));
  stream.failure = 'ENOSPC';
  output.write('a');
  output.flush();
  expect(output.closed).toBe(true);
  expect(errors.map(({ message }) => message)).toEqual(['ENOSPC']);
});

test('a separator is written before the first text, and never alone', () => {
  const stream = new FakeStream();
  const output = streamOutput(stream);
  separated(output, ',').flush();
  const piece = separated(output, ',');
  piece.write('a');
  piece.write('b');
  piece.flush();
  expect(stream.written).toEqual([',ab']);
  expect(piece.closed).toBe(false);
});
