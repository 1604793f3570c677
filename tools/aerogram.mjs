// npm run aerogram -- <command>: the admin commands, built first when they are not.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();
await import('../dist/aerogram.js');
