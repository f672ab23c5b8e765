/**
 * Where a sink's text goes. Gathers small writes; `flush` hands them on. After the reader has gone (EPIPE, as with
 * `| head`) it swallows everything and says so, for the run to end quietly.
 */
export interface Output {
  write(text: string): void;
  flush(): void;
  /** The reader has gone: nothing more can be said. */
  readonly closed: boolean;
}

/** What an output needs of a stream; process.stdout is one. */
export interface TextStream {
  write(text: string): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Octets gathered before they are written: one pipe buffer of Linux. */
const GATHER_OCTETS = 65_536;

export function streamOutput(stream: TextStream, onError: (error: Error) => void = rethrow): Output {
  let gathered = '';
  let closed = false;
  stream.on('error', (error) => {
    closed = true;
    gathered = '';
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') onError(error);
  });
  const flush = (): void => {
    const text = gathered;
    gathered = '';
    if (text !== '' && !closed) stream.write(text);
  };
  return {
    write(text) {
      if (closed) return;
      gathered += text;
      if (gathered.length >= GATHER_OCTETS) flush();
    },
    flush,
    get closed() {
      return closed;
    },
  };
}

/** The same output, with `separator` before the first text, if any text comes. */
export function separated(output: Output, separator: string): Output {
  let pending = separator;
  return {
    write(text) {
      output.write(pending + text);
      pending = '';
    },
    flush: output.flush,
    get closed() {
      return output.closed;
    },
  };
}

function rethrow(error: Error): never {
  throw error;
}
