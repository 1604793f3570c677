// npm run codegen [-- --check]: bundles the generator (Node 20 runs no TypeScript by itself) and runs it.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'codegen-'));
try {
  const outfile = join(dir, 'codegen.mjs');
  await build({ entryPoints: [join(here, 'src/index.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile, logLevel: 'error' });
  const { run } = await import(pathToFileURL(outfile).href);
  process.exitCode = run(join(here, '../..'), process.argv.slice(2));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
