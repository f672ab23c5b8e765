/**
 * How far the reading of a file has come, on stderr, only where that is a terminal and only when it takes long enough
 * for somebody to wonder. Time comes in as an argument.
 */
import type { Nanos } from '../model/time.ts';
import { cutText, safeName } from './safe-text.ts';
import { durationText } from './time-text.ts';

export interface Progress {
  /** `octets` of the capture were read by now; `found` 502s. Cheap: call it after every batch. */
  update(octets: number, found: number, now: Nanos): void;
  /** Wipes the line. */
  done(): void;
}

export interface ProgressOptions {
  readonly file: string;
  /** Size of the capture in octets; 0 where it cannot be known. */
  readonly size: number;
  readonly width: number;
  readonly started: Nanos;
}

/** Work shorter than this is over before it can be read about. */
const PATIENCE: Nanos = 1e9;
/** Between two updates of the line: steady to the eye, nothing to the machine. */
const PERIOD: Nanos = 0.2e9;

const WIPE = '\r\x1b[K';

export function progressLine(write: (text: string) => void, options: ProgressOptions): Progress {
  let next = options.started + PATIENCE;
  let shown = false;
  return {
    update(octets, found, now) {
      if (now < next) return;
      next = now + PERIOD;
      shown = true;
      write(WIPE + cutText(progressText(octets, found, now, options), options.width - 1));
    },
    done() {
      if (shown) write(WIPE);
      shown = false;
    },
  };
}

function progressText(octets: number, found: number, now: Nanos, { file, size, started }: ProgressOptions): string {
  const name = safeName(file);
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(0)} MB`;
  const far =
    size > 0
      ? `${Math.floor((100 * Math.min(octets, size)) / size)} %  ${megabytes(octets)} of ${megabytes(size)}`
      : megabytes(octets);
  const left =
    size > octets && octets > 0 ? `  ${durationText(((now - started) * (size - octets)) / octets)} left` : '';
  return `${name}  ${far}  502s: ${found}${left}`;
}
