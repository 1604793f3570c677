// Bundles a TypeScript program of the repository, so that it runs as the server does, and runs it.
// usage: node tools/run.mjs <source> [arguments of the program]
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensureDependencies, root } from './dependencies.mjs';

const [source, ...args] = process.argv.slice(2);
await ensureDependencies();
const { bundle, buildOrExit } = await import('./build.mjs');
await buildOrExit();

// tests/crash/main.ts runs as dist/crash.js, beside the workers that it may start.
const outfile = join(root, 'dist', `${basename(dirname(source))}.js`);
mkdirSync(dirname(outfile), { recursive: true });
for (const file of await bundle(source, outfile)) writeFileSync(file.path, file.contents);
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], { cwd: root, stdio: 'inherit' });
// The program ends what it has started, so this process waits for it. Ctrl-C reaches it by itself.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.once('exit', (status) => {
  process.exitCode = status ?? 1;
});
