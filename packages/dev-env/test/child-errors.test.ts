import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { printErrors } from '../src/child-errors.ts';

test('what a child writes to its standard error is printed by the console, line by line', async () => {
  const print = vi.spyOn(console, 'error').mockReturnValue();
  try {
    const program = `process.stdout.write('an answer'); process.stderr.write('{"level":"warn"}\\nno end of line')`;
    const child = printErrors(spawn(process.execPath, ['-e', program]));
    await once(child, 'close');
    await vi.waitFor(() => expect(print.mock.calls).toEqual([['{"level":"warn"}'], ['no end of line']]));
  } finally {
    print.mockRestore();
  }
  const quiet = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  expect(() => printErrors(quiet)).toThrow('no pipe');
  await once(quiet, 'exit');
});
