/** Gives every property of this run the seed that announce-seed.ts printed. */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env['FC_SEED']) });
