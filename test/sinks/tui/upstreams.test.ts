import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident, PEER } from '../../kit/incidents.ts';
import { goldenFrames, textOf } from './frames.ts';
import { after, captureScene, emptyScene, eveningScene, KILLED } from './scenes.ts';

goldenFrames('upstreams');

const SHOW = { do: 'show', screen: 'upstreams' } as const;

test('the process is that which the kernel told of, or else who listens there', async () => {
  expect(textOf(after(await captureScene(KILLED, 140, 45), SHOW))).toMatch(
    /127[.]0[.]0[.]1:9002 .* php-fpm8[.]2 17253/,
  );
  const listening = new Map([[PEER.text, 'node 4711 +3']]);
  const scene = emptyScene(140, 45, { mode: 'live', listening });
  scene.book.verdict(judge(incident({ attempts: [attempt({ server: 'rst' })] })));
  expect(textOf(after(scene, SHOW))).toMatch(/10[.]0[.]0[.]7:9000 .* node 4711 \+3 +■1/);
});

test('a peer that failed and was not asked since may be left out for a while', () => {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  book.verdict(judge(incident({ attempts: [attempt({ server: 'refuses' })] })));
  const scene = { ...emptyScene(140, 45, { mode: 'live', now: 3e9 }), book };
  expect(textOf(after(scene, SHOW))).toMatch(/~7 s[\s\S]*left out for another/);
});

test('rows are sorted by the column that is marked', async () => {
  let scene = after(await eveningScene(140, 45), SHOW);
  const firsts = new Set<string>();
  for (let n = 0; n < 8; n++) {
    const text = textOf(scene);
    expect(text).toMatch(/▼\w/);
    firsts.add(/▼[\w ]+/.exec(text)?.[0] ?? '');
    scene = after(scene, { do: 'sort' });
  }
  expect(firsts.size).toBe(8);
});

test('before any attempt it says so', () => {
  expect(textOf(after(emptyScene(80, 24), SHOW))).toContain('No attempt at a peer has been seen yet.');
});
