import { expect, test } from 'vitest';
import { explainFileFault, OperatorError } from '../src/index.ts';

const fault = (code: string, errno: number, path?: string): Error => Object.assign(new Error(`${code}: open`), { code, errno, syscall: 'open', ...(path === undefined ? {} : { path }) });

test('a file that may not be read is named in a sentence, and who must be allowed to', () => {
  const explained = explainFileFault(fault('EACCES', -13, '/data/keys/server.pem'));
  expect(explained).toBeInstanceOf(OperatorError);
  expect((explained as Error).message).toMatch(/^\/data\/keys\/server\.pem cannot be used: permission denied; the user that runs this program \(\d+\) must own it/);
});

test('an error that is no fault of a file stays what it is', () => {
  for (const error of [fault('EACCES', -13), fault('ENOENT', -2, '/data/x'), new OperatorError('said'), 'text']) expect(explainFileFault(error)).toBe(error);
});
