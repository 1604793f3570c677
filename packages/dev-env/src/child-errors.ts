import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Prints what a child process writes to its standard error, which must be a pipe, by the console of this process: `npm test` then shows it only if the test
 * fails. What a child writes to a standard error that it inherits is always shown, also by tests that expect an error of the child.
 *
 * @returns the child
 */
export function printErrors<Child extends ChildProcess>(child: Child): Child {
  if (child.stderr === null) throw new Error('the standard error of the child is no pipe');
  // oxlint-disable-next-line no-console -- the console is the place that the test command shows or hides
  createInterface({ input: child.stderr }).on('line', (line) => console.error(line));
  return child;
}
