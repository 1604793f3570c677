// npm run aerogram -- <command>: the admin commands, built first if necessary.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
const [, , group, command] = process.argv;
// A node of the CDN is a program of its own. Otherwise only the bundle of the commands is built: a running server starts its workers from the others, which must
// have the server's version.
await buildOrExit({ only: ['aerogram', ...(group === 'cdn' && command === 'serve' ? ['cdn', 'crypto-worker', 'packet-worker'] : [])] });
await import('../dist/aerogram.js');
