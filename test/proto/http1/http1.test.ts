import { runCases } from '../../kit/cases.ts';

for (const file of ['messages', 'framing', 'faults', 'gaps', 'cuts']) {
  runCases(new URL(`./${file}.md`, import.meta.url));
}
