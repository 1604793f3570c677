// npm run aerogram -- <command>: the admin commands, built first when they are not.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
// Only its own bundle: a running server starts its workers from the others, and they must be of the server's version.
await buildOrExit({ only: 'aerogram' });
await import('../dist/aerogram.js');
