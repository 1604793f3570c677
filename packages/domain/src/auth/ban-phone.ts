import type { Logger } from '@aerogram/runtime';
import { type Database, defineJobKind, jsonCodec } from '@aerogram/storage';

import { saveBan } from './ban-store.ts';

/**
 * A job by which the server logs what the operator did from another process.
 * @param log of the process that does the job; who only orders it needs none
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
 * Bans a number from log-ins, or lets it in again. Codes that are on their way to it end; devices that are logged in stay so.
 * Repeating it changes nothing more.
 * @param ban `phone`: a normal number; `userId`: whose it is, for the log
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
