import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from '@aerogram/tl-codegen';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it('the committed files are what the generator creates (otherwise: npm run codegen)', () => {
  const stale = [...generate(root)].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

it('the generator is deterministic', () => {
  expect([...generate(root)]).toEqual([...generate(root)]);
});
