import { runCases } from '../../kit/cases.ts';

runCases(new URL('./handshake.md', import.meta.url));
