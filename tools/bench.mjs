// npm run bench: bundles bench/main.ts, so that it is measured as it ships, and runs it.
// usage: npm run bench -- [options of bench/main.ts]
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root } from './dependencies.mjs';

ensureDependencies();
const { bundle, ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
const outfile = join(root, 'dist/bench.js');
mkdirSync(join(root, 'dist'), { recursive: true });
for (const file of await bundle('bench/main.ts', outfile)) writeFileSync(file.path, file.contents);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
