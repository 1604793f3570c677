// npm run fuzz: the fuzz tests with fresh randomness and many more rounds than `npm test` gives them.
// usage: npm run fuzz -- [--iterations 1000000] [--seed n] [filter of test files]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies, root } from './dependencies.mjs';

const { values, positionals } = parseArgs({
  options: { iterations: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
await ensureDependencies();
console.log(`${values.iterations} iterations, seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'fuzz', '--testTimeout', '0', ...positionals],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FUZZ_ITERATIONS: values.iterations, FUZZ_SEED: seed } },
);
process.exitCode = status ?? 1;
