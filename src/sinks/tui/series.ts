/** How causes are told apart in charts and lists: by a colour, and by a letter where there is none. */
import { type Role, SERIES } from './frame.ts';

export function seriesRole(series: number | undefined): Role {
  return series === undefined || series >= SERIES ? 'quiet' : (`series${series}` as Role);
}

/** The sign of a cause where there is no colour to tell it by. */
export function seriesLetter(series: number | undefined): string {
  return series === undefined || series >= 26 ? '+' : String.fromCharCode(97 + series);
}
