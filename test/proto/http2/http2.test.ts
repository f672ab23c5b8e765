import { runCases } from '../../kit/cases.ts';

runCases(new URL('./streams.md', import.meta.url));
