import { expect, test } from 'vitest';
import { LEVELS_OUT_OF_REACH } from '../src/help/getAppConfig.ts';
import { methods } from '../src/index.ts';

test('apps are shown every feature whose method is there', () => {
  const built = new Set<string>(methods.map(({ method }) => method));
  expect(built.has('help.getAppConfig')).toBe(true);
  expect(Object.entries(LEVELS_OUT_OF_REACH).filter(([, method]) => built.has(method))).toEqual([]);
});
