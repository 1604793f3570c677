// npm run aerogram -- <command>: the admin commands, built first if necessary.
import { ensureDependencies } from './dependencies.mjs';

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
const [, , group, command] = process.argv;
if (group === 'cdn' && command === 'serve') {
  // A program of its own, which contains nothing that knows a database or a key of a file.
  await buildOrExit({ only: ['cdn', 'crypto-worker', 'packet-worker'] });
  await import('../dist/cdn.js');
} else {
  // Builds only its own bundle: a running server starts its workers from the others, which must have the server's version.
  await buildOrExit({ only: ['aerogram'] });
  await import('../dist/aerogram.js');
}
