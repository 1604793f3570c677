import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withSetup } from '../checkout.ts';

test('each test file of a mutated copy notes which places it runs', () => {
  const config = readFileSync(new URL('../../../vitest.config.ts', import.meta.url), 'utf8');
  expect(withSetup(config)).toContain('setupFiles');
});
