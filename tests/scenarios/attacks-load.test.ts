import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// This only checks that other users are served; their delays are measured by `npm run attacks` on a quiet machine.
test('during every attack other users are served and memory stays bounded', async () => {
  const cwd = findRepositoryRoot();
  const program = ['tools/run.mjs', 'tests/attacks/main.ts', '--seconds', '0.4', '--calm-ms', '100', '--accounts', '2'];
  const child = spawn(process.execPath, program, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  console.log(output);
  // The reason comes first, because the last lines of `npm test` show only the first line of a failure.
  expect(code, `${/Error: .*/.exec(output)?.[0] ?? 'no reason was given'}\n${output}`).toBe(0);
  expect(output).toMatch(/\d+ attacks survived/);
});
