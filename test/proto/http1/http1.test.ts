import { runCases } from '../../kit/cases.ts';

runCases(new URL('./messages.md', import.meta.url));
