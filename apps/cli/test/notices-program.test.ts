import { expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';

const run = (...args: string[]): Promise<unknown> => createProgram({ AEROGRAM_DATA_DIR: '/nowhere' }, () => {}).parseAsync(args, { from: 'user' });

it('does not write a mistyped command to everybody', async () => {
  await expect(run('notice', 'lst')).rejects.toThrow('"lst" is a single word, and no command of "notice": nobody got it. With --yes');
  for (const args of [['lst', '--yes'], ['lst', '--to', '5'], ['two words'], ['list']]) await expect(run('notice', ...args)).rejects.toThrow('there is no database');
});
