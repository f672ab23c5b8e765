/**
 * Where a sink's text goes. Gathers small writes; `flush` hands them on. After the reader has gone (as with
 * `| head`) it swallows everything and says so, for the run to end quietly.
 */
export interface Output {
  write(text: string): void;
  flush(): void;
  /** The reader has gone: nothing more can be said. */
  readonly closed: boolean;
}

/** What an output needs of a stream. Writes at once and waits for a slow reader: nothing piles up in memory. */
export interface TextStream {
  /** Throws what the system says. */
  write(text: string): void;
}

/** Octets gathered before they are written: one pipe buffer of Linux. */
const GATHER_OCTETS = 65_536;

export function streamOutput(stream: TextStream, onError: (error: Error) => void = rethrow): Output {
  let gathered = '';
  let closed = false;
  const flush = (): void => {
    const text = gathered;
    gathered = '';
    if (text === '' || closed) return;
    try {
      stream.write(text);
    } catch (error) {
      closed = true;
      if (!isReaderGone(error)) onError(error as Error);
    }
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

/** EPIPE; of a socket whose reader left octets unread also ECONNRESET (unix(7)): what spawns us may give us one. */
function isReaderGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET';
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
