/** How causes are told apart in charts and lists: by a colour, and by a letter where there is none. */
import { type Look, type Role, SERIES } from './frame.ts';

/** Can a chart be drawn in coloured dots? */
export function hasDots({ unicode, colours }: Look): boolean {
  return unicode && colours > 0;
}

export function seriesRole(series: number | undefined): Role {
  return series === undefined || series >= SERIES ? 'quiet' : (`series${series}` as Role);
}

/** The sign of a cause in a chart of letters. */
export function seriesLetter(series: number | undefined): string {
  return series === undefined || series >= SERIES ? '+' : String.fromCharCode(97 + series);
}

/** The key to the chart, before a cause's name. */
export function seriesSign(series: number | undefined, look: Look): string {
  return hasDots(look) ? '■' : seriesLetter(series);
}
