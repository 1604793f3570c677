import { findOperatorEntry } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import { type Database, findServingState } from '@aerogram/storage';
import type { CliOptions } from '../options.ts';

/** How long a command waits for the running server to carry it out, in milliseconds. */
const WAIT_MS = 30_000;

/** How often a command looks whether the server has carried it out, in milliseconds. */
const LOOK_EVERY_MS = 200;

/**
 * Prints what was ordered, waits until the running server has carried it out, and prints what came of it.
 * @param ordered the entry of the operator log, and the order in words
 * @throws Error when the server refused it
 */
export async function awaitOutcome(db: Database, { print }: Pick<CliOptions, 'print'>, { entryId, what }: { entryId: bigint; what: string }): Promise<void> {
  print(what);
  const untilMs = systemClock.nowMs() + WAIT_MS;
  while ((await findServingState(db))?.isHeld === true && systemClock.nowMs() < untilMs) {
    const entry = await findOperatorEntry(db, entryId);
    if (entry?.outcome) {
      if (entry.outcome.startsWith('refused: ')) throw new Error(entry.outcome);
      print(entry.outcome);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  print('ordered; the running server, or the next one that starts, does it ("aerogram chats log" shows when)');
}
