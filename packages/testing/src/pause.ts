import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';
import { CloudError } from './control/cloud-error.ts';
import type { CallerTrace } from './control/caller-trace.ts';

/** Lets a paused test go on without a terminal: `kill -USR2 <pid>`. */
const GO_ON = 'SIGUSR2';

/**
 * Waits until somebody presses Enter, or sends SIGUSR2 to this process.
 * @param lines what to print before
 * @throws CloudError `invalid` at once where nobody can: in CI, and without a terminal
 */
export async function waitForEnter(lines: string[], trace: CallerTrace): Promise<void> {
  const terminal = process.env['CI'] ? undefined : openTerminal();
  if (terminal === undefined) {
    throw new CloudError('invalid', `pause() waits for somebody at a terminal, and ${process.env['CI'] ? 'this is CI (the variable CI is set)' : 'there is none here'}: take it out of the test`, {}, trace);
  }
  process.stdout.write(`\n${[...lines, `Paused. Press Enter to go on, or: kill -USR2 ${process.pid}`].join('\n')}\n`);
  const input = createInterface({ input: terminal });
  try {
    await new Promise<void>((resolve) => {
      process.once(GO_ON, resolve);
      input.once('line', () => {
        process.off(GO_ON, resolve);
        resolve();
      });
    });
  } finally {
    input.close();
    if (terminal !== process.stdin) terminal.destroy();
  }
}

/** The terminal of this process; test runners that run tests in processes of their own have it too, but not as standard input. */
function openTerminal(): ReadStream | undefined {
  if (process.stdin.isTTY) return process.stdin;
  let fd: number | undefined;
  try {
    fd = openSync('/dev/tty', 'r');
    return new ReadStream(fd);
  } catch {
    if (fd !== undefined) closeSync(fd);
    return undefined;
  }
}
