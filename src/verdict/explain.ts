/** Text of `why502 explain CAUSE` and `why502 explain --list`: written from the cause files. */
import { type CauseFile, SECTIONS } from './cause-file.ts';
import { causeFiles, maybeCauseFile } from './registry.ts';

export const EXPLAIN_COLUMNS = 80;

/** The page of one cause, in lines of at most `columns`; `undefined` if there is none of that name. */
export function explain(name: string, columns: number = EXPLAIN_COLUMNS): readonly string[] | undefined {
  const file = maybeCauseFile(name);
  return file && page(file, columns);
}

/** Every cause with its title, by family. */
export function explainList(): readonly string[] {
  const files = causeFiles();
  const wide = Math.max(...files.map(({ cause }) => cause.length));
  return SECTIONS.flatMap((section, index) => [
    ...(index > 0 ? [''] : []),
    section,
    ...files
      .filter((file) => file.section === section)
      .flatMap(({ cause, title }) =>
        wrapped(title, EXPLAIN_COLUMNS, `  ${cause.padEnd(wide)}  `, ' '.repeat(wide + 4)),
      ),
  ]);
}

/** Names that begin as `name` does, or hold it: for "did you mean". */
export function similarCauses(name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const names = causeFiles().map(({ cause }) => cause);
  const begin = wanted.split('-', 1)[0] ?? wanted;
  const holds = names.filter((cause) => wanted !== '' && cause.includes(wanted));
  return holds.length > 0 ? holds : names.filter((cause) => begin !== '' && cause.startsWith(begin));
}

function page(file: CauseFile, columns: number): readonly string[] {
  const { cause, section, title, meaning, recognised, subcauses, roots, remedies, elsewhere } = file;
  const filled = (text: string, first: string, rest = first): readonly string[] => wrapped(text, columns, first, rest);
  const heading = `${cause}: ${title}`;
  return [
    ...(heading.length <= columns ? [heading] : [cause, ...filled(title, '  ')]),
    `(${section})`,
    '',
    ...filled(meaning, ''),
    '',
    'Recognised by',
    ...filled(recognised.packets, '  packets  ', ' '.repeat(11)),
    ...filled(recognised.kernel, '  kernel   ', ' '.repeat(11)),
    ...filled(recognised.log, '  log      ', ' '.repeat(11)),
    '',
    ...(subcauses
      ? [
          'Subcauses',
          ...Object.entries(subcauses).flatMap(([name, text]) => filled(`${name}: ${text}`, '  ', '    ')),
          '',
        ]
      : []),
    'Likely roots',
    ...roots.flatMap((root) => filled(root, '  - ', '    ')),
    '',
    'Do first',
    ...remedies.flatMap((remedy, index) => filled(remedy, `  ${index + 1}. `, '     ')),
    ...(elsewhere
      ? ['', ...filled(`${elsewhere.haproxy} (HAProxy); ${elsewhere.envoy} (Envoy).`, 'Nearest elsewhere: ', '  ')]
      : []),
  ];
}

/** Words in lines of at most `columns`; a word that is longer is broken. */
function wrapped(text: string, columns: number, first: string, rest: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  const room = columns - Math.max(first.length, rest.length);
  for (const word of text.split(' ').flatMap((each) => pieces(each, room))) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  return word.length <= width ? [word] : [word.slice(0, width), ...pieces(word.slice(width), width)];
}
