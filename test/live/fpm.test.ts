/** A real php-fpm whose worker dies in the middle of a request. */
import { expect, test } from 'vitest';
import { labRun, why502 } from './lab-run.ts';
import { newStage } from './stage.ts';

const LIMIT_MS = 60_000;

test(
  'a php-fpm worker that is killed is a reset before the response, of the request that its parameters name',
  async () => {
    const { capture, truth, lines } = await labRun(newStage(), '--scenarios', 'php-kill', '--connections', '4');
    expect(truth.map(({ status }) => status)).toEqual(truth.map(() => 502));
    expect(lines.map(({ request }) => request.target).toSorted()).toEqual(truth.map(({ target }) => target).toSorted());
    for (const line of lines) {
      expect(line).toMatchObject({
        type: 'incident',
        verdict: { cause: 'reset-before-response', confidence: 'certain' },
        attempts: [{ protocol: 'fastcgi', link: 'identity', peer: '127.0.0.1:9002' }],
      });
    }
    const story = await why502('analyze', '--all', capture);
    for (const { target } of truth) expect(story).toContain(` ${target} `);
    expect(story).toContain('127.0.0.1:9002 (FastCGI)');
  },
  LIMIT_MS,
);
