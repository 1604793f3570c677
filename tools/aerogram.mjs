// npm run aerogram -- <command>: the admin commands, built first if necessary.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
// Builds only its own bundle: a running server starts its workers from the others, which must have the server's version.
await buildOrExit({ only: 'aerogram' });
await import('../dist/aerogram.js');
