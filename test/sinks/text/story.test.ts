import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/model/verdict.ts';
import { Page } from '../../../src/sinks/text/page.ts';
import { writeHeadline, writeStory } from '../../../src/sinks/text/story.ts';
import { CONTEXT } from '../kit/sink-text.ts';
import { attempt, exchange, finding, maskedVerdict, moment, request, tried, verdict } from '../kit/verdicts.ts';

function story(told: Verdict, width = 120): string {
  const page = new Page({ width, colour: false });
  writeStory(page, told, CONTEXT);
  return page.take();
}

test('times count from the end of the request; what came before it has a minus', () => {
  const early = tried({ start: moment(7220.8, 8789) });
  const text = story(verdict({ attempts: [{ attempt: attempt({ exchange: early }), finding: finding() }] }));
  expect(text).toMatch(/^ +- 0\.20 ms {2}attempt 1 -> 127\.0\.0\.1:9000 \(FastCGI\) +frame 8789$/m);
  expect(text).toMatch(/^ +0\.00 ms {2}the client's request is complete \(912 octets\) +frame 8790$/m);
  expect(text).toMatch(/^ +\+ 2310 ms {2}502 to the client +frame 8813$/m);
});

test('a frame that evidence tells of is not told twice', () => {
  const evidence = [
    { moment: moment(7221.11, 8794), source: 'packet' as const, text: 'connection used again, idle for 5.0 s' },
    { moment: moment(9531.1, 8813), source: 'packet' as const, text: '502 with a body of its own' },
  ];
  const text = story(verdict({ finding: finding({ evidence }) }));
  expect(text.match(/frame 8794/g)).toHaveLength(1);
  expect(text).toContain('attempt 1 (FastCGI): connection used again, idle for 5.0 s');
  expect(text.match(/frame 8813/g)).toHaveLength(1);
  expect(text).toContain('502 with a body of its own');
});

test('how the connection opened is told in the line of its attempt', () => {
  const evidence = [
    { moment: moment(7221.2, 8796), source: 'packet' as const, text: 'new connection, open after 0.09 ms' },
  ];
  const text = story(verdict({ finding: finding({ evidence }) }));
  expect(text).toMatch(/attempt 1 \(FastCGI\): new connection, open after 0\.09 ms +frame 8796/);
  expect(text).not.toContain('frame 8794');
});

test('a request whose end or whole the capture does not hold still has a story', () => {
  const open = exchange({ request: request({ end: undefined }) });
  expect(story(verdict({ incident: { exchange: open } }))).toContain('its body still on the way');
  const unseen = story(verdict({ incident: { exchange: exchange({ request: undefined }) } }));
  expect(unseen).toContain('(request not in the capture)');
  expect(unseen).toContain('connection from 203.0.113.9:58884');
});

test('an attempt that succeeded tells how it was reached and what it answered', () => {
  const text = story(maskedVerdict());
  expect(text).toMatch(/attempt 2 -> 10\.0\.0\.8:3000 \(HTTP\/1, tied by its time\), open after 0\.09 ms +frame 8814/);
  expect(text).toMatch(/200 from 10\.0\.0\.8:3000 +frame 8820/);
  expect(text).toMatch(/200 to the client +frame 8823/);
});

test('kernel events and log lines are cited as such', () => {
  const evidence = [
    { moment: moment(9530, 8811), source: 'kernel' as const, text: 'process 4211 exited on signal 9' },
    { moment: moment(9531.2, 8814), source: 'log' as const, text: 'recv() failed (104)' },
  ];
  const text = story(verdict({ finding: finding({ evidence }) }));
  expect(text).toMatch(/exited on signal 9 +event 8811$/m);
  expect(text).toMatch(/recv\(\) failed \(104\) +line 8814$/m);
});

test('neither a secret nor a control character of the wire reaches the page', () => {
  const hostile = '\x1b[2J\x9b31m\u202epassword=S3CR3T';
  const told = verdict({
    incident: { exchange: exchange({ request: request({ method: hostile, target: `/?${hostile}`, host: hostile }) }) },
    finding: finding({
      subcause: '\x1b[2J',
      sentence: hostile,
      evidence: [{ moment: moment(1, 1), source: 'packet', text: hostile }],
      alternatives: [{ cause: 'unknown', why: hostile }],
      unseen: [hostile],
      advice: [hostile],
    }),
  });
  const text = story(told);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.match(/S3CR3T/g)).toBeNull();
});

test('advice that an earlier story of the kind gave is not repeated; what is new is told', () => {
  const said = { first: 'i-16', texts: new Set<string>() };
  const page = new Page({ width: 120, colour: false });
  writeStory(page, verdict(), CONTEXT, said);
  expect(page.take()).toContain('Do first: ');
  writeStory(page, verdict(), CONTEXT, said);
  const again = page.take();
  expect(again).not.toContain('Do first: ');
  expect(again).toContain('The rest as for i-16.');
  expect(again).toContain('PHP-FPM at 127.0.0.1:9000 closed the connection');
  writeStory(page, verdict({ finding: finding({ advice: ['look elsewhere'] }) }), CONTEXT, said);
  expect(page.take()).toContain('Do first: look elsewhere');
});

test('a headline is one line, the target cut to fit', () => {
  const page = new Page({ width: 80, colour: false });
  const long = exchange({ request: request({ target: `/${'x'.repeat(300)}` }) });
  writeHeadline(page, verdict({ incident: { exchange: long } }), CONTEXT);
  const text = page.take();
  expect(text).toHaveLength(81);
  expect(text).toMatch(/^i-17 {2}12:31:09\.531 {2}POST \/x+… {2}reset-before-response, likely\n$/);
});
