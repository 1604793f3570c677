// npm run aerogram -- <command>: the admin commands, built first when they are not.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
await import('../dist/aerogram.js');
