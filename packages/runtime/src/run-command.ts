import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** How a command of the operator is run. */
export interface CommandRun {
  /** After so many milliseconds it is killed with all that it has started. */
  timeoutMs: number;
  /** What it reads from standard input; absent: nothing. It need not read all of it. */
  input?: AsyncIterable<Uint8Array>;
  /** The environment of the command. Without it, the command has the environment of this process. */
  env?: NodeJS.ProcessEnv;
}

/** A command took longer than it may, and was killed. */
export class CommandTooSlow extends Error {
  override name = 'CommandTooSlow';
}

/**
 * Runs a shell command of the operator. What it writes to standard error goes to that of the server.
 * @returns its exit code, null if a signal ended it, and what it has written to standard output
 * @throws CommandTooSlow, and what reading the input throws
 */
export async function runCommand(command: string, { timeoutMs, input, env = process.env }: CommandRun): Promise<{ code: number | null; output: string }> {
  // A process group of its own, so that what the shell has started ends with it: a child that hangs would keep the pipe open.
  const child = spawn(command, { shell: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'], detached: true, env });
  const { stdout } = child;
  const endAll = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  // If this process exits before.
  process.once('exit', endAll);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CommandTooSlow(`the command took longer than ${timeoutMs / 1000} s and was killed`)), timeoutMs);
  });
  try {
    const fed = child.stdin === null || input === undefined ? undefined : pipeline(Readable.from(input), child.stdin).catch(unlessClosed);
    const ended = Promise.all([text(stdout!), once(child, 'close') as Promise<[number | null]>, fed]);
    const [output, [code]] = await Promise.race([ended, tooLong]);
    return { code, output };
  } catch (error) {
    endAll();
    // A process that has left the group may still hold the pipe.
    stdout?.destroy();
    child.stdin?.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    process.off('exit', endAll);
  }
}

/** Ignores that a command ended before it had read all of its input. */
function unlessClosed(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
}
