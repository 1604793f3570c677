import type { Logger } from '@aerogram/runtime';
import { type Database, defineJobKind, jsonCodec } from '@aerogram/storage';

import { saveBan } from './ban-store.ts';

/**
 * The job with which the server logs an action that the operator took from another process.
 * @param log the logger of the process that runs the job; undefined in a process that only enqueues it
 */
export function createNoteBanJob(log: Logger | undefined) {
  return defineJobKind<{ isBanned: boolean }>({
    kind: 'note-ban',
    codec: jsonCodec(),
    run: async ({ isBanned }, { ownerId }) => {
      const userId = ownerId === NOBODY ? undefined : ownerId;
      log?.info({ userId }, isBanned ? 'the operator banned a number' : 'the operator lifted the ban of a number');
    },
  });
}

const NOBODY = 0n;

/**
 * Bans a phone number from logging in, or lifts the ban. A ban cancels outstanding codes for the number; devices that are logged in stay
 * so. Idempotent.
 * @param ban `phone`: normalised; `userId`: the user with this number, for the log
 */
export async function doBanPhone(
  db: Database,
  ban: { phone: string; userId: bigint | undefined; isBanned: boolean; nowDate: number },
): Promise<void> {
  await db.transact('ban-phone', async (tx) => {
    await saveBan(tx, ban.phone, ban.isBanned, ban.nowDate);
    await tx.job(createNoteBanJob(undefined).order(ban.userId ?? NOBODY, { isBanned: ban.isBanned }));
  });
}
