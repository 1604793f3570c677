import type { Readable } from 'node:stream';
import { type Clock, systemClock } from '@aerogram/runtime';

/** How often the parent's id is looked at, in milliseconds. */
const CHECK_MS = 500;

export interface ParentWatchOptions {
  /** Called once. */
  onGone(): void;
  /** A pipe whose other end the parent holds; standard input by default. */
  input?: Readable & { isTTY?: boolean };
  /** The id of the parent's process now. */
  parentId?: () => number;
  clock?: Pick<Clock, 'setInterval'>;
}

/**
 * Notices the end of the process that has started this one, however it ends: the system then closes the pipe that is the standard input of this one. That does not
 * happen if there is no such pipe, or if other processes hold it too; the id of the parent, which changes when the parent ends, shows it in these cases.
 */
export function watchParent({ onGone, input = process.stdin, parentId = () => process.ppid, clock = systemClock }: ParentWatchOptions): Disposable {
  const first = parentId();
  const stop = (): void => {
    timer.cancel();
    input.off('end', gone).off('close', gone).off('error', gone);
    // Standard input that is read keeps the process running.
    input.pause();
  };
  const gone = (): void => {
    stop();
    onGone();
  };
  const timer = clock.setInterval(() => {
    if (parentId() !== first) gone();
  }, CHECK_MS);
  // A process in the background would be stopped if it read a terminal.
  if (input.isTTY !== true) input.on('end', gone).on('close', gone).on('error', gone).resume();
  return { [Symbol.dispose]: stop };
}
