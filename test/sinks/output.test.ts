import { expect, test } from 'vitest';
import { separated, streamOutput, type TextStream } from '../../src/sinks/output.ts';

class FakeStream implements TextStream {
  readonly written: string[] = [];
  #listener: (error: NodeJS.ErrnoException) => void = () => {};

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }

  on(_event: 'error', listener: (error: NodeJS.ErrnoException) => void): void {
    this.#listener = listener;
  }

  fail(code: string): void {
    this.#listener(Object.assign(new Error(code), { code }));
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

test('after the reader has gone nothing is written, and nobody is told', () => {
  const stream = new FakeStream();
  const output = streamOutput(stream);
  stream.fail('EPIPE');
  output.write('x'.repeat(100_000));
  output.flush();
  expect(output.closed).toBe(true);
  expect(stream.written).toEqual([]);
});

test('a full disk is told', () => {
  const stream = new FakeStream();
  const errors: Error[] = [];
  const output = streamOutput(stream, (error) => errors.push(error));
  stream.fail('ENOSPC');
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
