/** Is what is shown all there was? State of the capture, what was lost or given up, memory and time. */
import { gatewayLines } from '../gateways-text.ts';
import { givenUp, isGivenUp } from '../given-up.ts';
import { countText, leftOutText, sizeText } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import { BLANK, type Line, line, type Pane, type Role, span, wrapped } from './frame.ts';
import { elapsedText } from './header.ts';
import type { RunState, Scene } from './scene.ts';
import { textPane, wholeScreen } from './text-pane.ts';

const NAME = 24;
/** Columns of a counter's name. */
const COUNTER = 40;

export function healthPanes(scene: Scene): Pane[] {
  const { ui } = scene;
  const lines = healthText(scene);
  return [textPane({ at: wholeScreen(ui), title: 'health', lines, scroll: ui.scroll, focused: true })];
}

export function healthText({ ui, run, book }: Scene): Line[] {
  const lines: Line[] = [];
  const fact = (name: string, value: string, role: Role = 'plain', columns = NAME): void => {
    const parts = wrapped(value, Math.max(20, ui.cols - columns - 5));
    parts.forEach((part, at) => {
      lines.push(line(span(` ${(at === 0 ? name : '').padEnd(columns)} `, 'quiet'), span(part, role)));
    });
  };
  const title = (text: string): void => {
    lines.push(BLANK, line(span(` ${text}`, 'accent')));
  };
  title('Capture');
  fact('source', run.mode === 'live' ? `live: ${run.interfaces.join(', ') || 'every interface'}` : run.name);
  fact('state', stateText(run), run.ended || !run.begun ? 'plain' : 'good');
  fact('sees', run.rungs.join(', '));
  if (!run.rungs.includes('kernel'))
    fact('', 'no kernel events: unix sockets and the ends of processes are not seen', 'quiet');
  fact('gateways', gatewayLines(run.gateways).join('; ') || 'none seen yet');
  fact(run.mode === 'file' ? 'time covered' : 'watched for', elapsedText(run));
  fact('records', `${countText(run.frames)}, ${sizeText(run.octets)}`);
  fact(
    'lost',
    book.lost === 0
      ? 'nothing, by what the capture says'
      : `${countText(book.lost)}: verdicts of that time are less sure`,
    book.lost === 0 ? 'good' : 'warn',
  );
  const leftOut = leftOutText(run.counters);
  if (leftOut) fact('left out', leftOut, 'warn');
  for (const message of run.messages) fact('said', message);
  title('Analysis');
  fact('requests', `${countText(run.requests)}, ${countText(Math.round(run.perSecond))} a second now`);
  fact('502s', countText(book.found));
  fact('hidden failures', countText(book.masked.count));
  fact(
    'kept to look at',
    `${countText(book.entries.length)}${book.dropped > 0 ? `; ${countText(book.dropped)} older ones are only counted` : ''}`,
  );
  const tables = run.tables.map(({ what, held, limit }) => `${countText(held)} ${what} of ${countText(limit)}`);
  if (tables.length > 0) fact('held now', tables.join(', '));
  const sum = givenUp(run.counters).reduce((all, [, count]) => all + count, 0);
  fact('given up at a limit', sum === 0 ? 'nothing' : `${countText(sum)}: see below`, sum === 0 ? 'good' : 'warn');
  fact('memory', `${(run.memory / 1e6).toFixed(0)} MB`);
  fact(
    'CPU',
    `${(100 * run.cpu).toFixed(1)} % of a core here${run.captureCpu === undefined ? '' : `, ${(100 * run.captureCpu).toFixed(1)} % in the capture program`}`,
  );
  title('Counters');
  const counters = Object.entries(run.counters);
  for (const [name, count] of counters) fact(name, countText(count), isGivenUp(name) ? 'warn' : 'plain', COUNTER);
  if (counters.length === 0) lines.push(line(span(' nothing', 'good')));
  return lines;
}

function stateText({ ended, begun, silence }: RunState): string {
  if (ended) return 'ended';
  if (!begun) return 'starting';
  return silence < 2e9 ? 'records are coming' : `silent for ${durationText(silence)}`;
}
