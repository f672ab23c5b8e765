import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import { rowsOf } from '../../../src/sinks/tui/incident-list.ts';
import type { Scene } from '../../../src/sinks/tui/scene.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident } from '../../kit/incidents.ts';
import { resetSent, WORKER, witness } from '../../kit/kernel-events.ts';
import { textOf } from './frames.ts';
import { after, emptyScene, eveningScene } from './scenes.ts';

function listed(cols: number, run: Partial<Scene['run']> = {}): Scene {
  const scene = emptyScene(cols, 24, run);
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  const died = witness({ closer: resetSent(0.5, { death: { signal: 9, code: 0 } }) });
  book.verdict(judge(incident({ attempts: [attempt({ server: 'rst', witness: died })] })));
  return { ...scene, book };
}

test('a heading takes one line of the pane', () => {
  expect(rowsOf({ left: 0, top: 0, width: 80, height: 13 })).toBe(10);
});

test('where the kernel told who did it, a wide list names the process', () => {
  const kernel = { rungs: ['packets', 'kernel'] };
  expect(textOf(listed(140, kernel))).toContain(`${WORKER.name} ${WORKER.id}`);
  expect(textOf(listed(100, kernel))).toMatch(/by +sure +tries/);
  expect(textOf(listed(140))).not.toContain(`${WORKER.name} ${WORKER.id}`);
});

test('what is beyond the list is counted in its title: newer ones, filtered ones, hidden failures', async () => {
  const scene = await eveningScene(100, 24);
  const down = Array.from({ length: 20 }, () => ({ do: 'move', by: 1 }) as const);
  expect(textOf(after(scene, ...down))).toMatch(/incidents .* ↑ 9 newer/);
  const filter = [{ do: 'filter' }, { do: 'type', text: 'cause:refused' }, { do: 'accept' }] as const;
  expect(textOf(after(scene, ...filter))).toMatch(/incidents with cause:refused .* \d of 55/);
  expect(textOf(after(scene, { do: 'hidden' }))).toMatch(/with hidden failures[\s\S]*hidden: /);
});

test('a filter that nothing passes says how to get rid of it', async () => {
  const filter = [{ do: 'filter' }, { do: 'type', text: 'nothing-like-it' }, { do: 'accept' }] as const;
  expect(textOf(after(await eveningScene(80, 24), ...filter))).toMatch(
    /No incident passes the filter[\s\S]*c clears it/,
  );
});
