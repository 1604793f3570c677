import { doOrderCommand, findOperatorEntry } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import { type Database, findServingState } from '@aerogram/storage';
import type { Output } from '../output.ts';

/** How long a command waits for the running server to carry it out, in milliseconds. */
const WAIT_MS = 30_000;

/** How often a command looks whether the server has carried it out, in milliseconds. */
const LOOK_EVERY_MS = 200;

/**
 * Orders what only a running server can do, because connected devices learn of it, and waits until it is done.
 * @param what the command in words
 * @throws Error that says why the server refused it
 */
export async function orderCommand(db: Database, command: Parameters<typeof doOrderCommand>[1], what: string): Promise<Output> {
  const entryId = await doOrderCommand(db, command, what, systemClock.now());
  const untilMs = systemClock.nowMs() + WAIT_MS;
  while ((await findServingState(db))?.isHeld === true && systemClock.nowMs() < untilMs) {
    const entry = await findOperatorEntry(db, entryId);
    if (entry?.outcome) {
      if (entry.outcome.startsWith('refused: ')) throw new Error(entry.outcome);
      return { value: { entry: entryId, what, done: true, outcome: entry.outcome }, lines: [what, entry.outcome] };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return {
    value: { entry: entryId, what, done: false, outcome: null },
    lines: [what, 'ordered; the running server, or the next one that starts, does it ("aerogram chats log" shows when)'],
  };
}
