import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from '@aerogram/tl-codegen';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Much work, and other tests run beside it. */
const TIMEOUT_MS = 60_000;

it('what is committed is what the generator makes (else: npm run codegen)', { timeout: TIMEOUT_MS }, () => {
  const stale = [...generate(root)].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

it('the generator is deterministic', { timeout: TIMEOUT_MS }, () => {
  expect([...generate(root)]).toEqual([...generate(root)]);
});
