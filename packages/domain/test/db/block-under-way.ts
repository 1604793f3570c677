import { sql } from '@aerogram/storage';

import { insertBlocks } from '../../src/contacts/block-store.ts';
import type { World } from './accounts-world.ts';

/**
 * Blocks a user while something else is under way that began before the block: it has to wait for the blocker's box until the block is
 * committed, and the caches do not know of the block yet.
 * @param start begins what waits
 */
export async function blockUnderWay<T>({ db, clock }: World, ownerId: bigint, targetId: bigint, start: () => Promise<T>): Promise<T> {
  let started: Promise<T> | undefined;
  await db.transact('block', async (tx) => {
    await tx.lockCounters([ownerId]);
    started = start();
    // A failure is reported when the caller awaits it.
    started.catch(() => undefined);
    const isWaiting = async (): Promise<boolean> => (await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(tx.q)).rows.length > 0;
    while (!(await isWaiting()));
    await insertBlocks(tx, { ownerId, storiesOnly: false }, [targetId], clock.now());
  });
  return started!;
}
