import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from '@aerogram/tl-codegen';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Generous, because this is slow and other tests run in parallel. */
const TIMEOUT_MS = 60_000;

it('the committed files are what the generator creates (otherwise: npm run codegen)', { timeout: TIMEOUT_MS }, () => {
  const stale = [...generate(root)].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

it('the generator is deterministic', { timeout: TIMEOUT_MS }, () => {
  expect([...generate(root)]).toEqual([...generate(root)]);
});
