import type { Logger } from '@aerogram/runtime';
import { type Database, defineJobKind, jsonCodec, NOBODY } from '@aerogram/storage';

import { noteOperator } from '../operators/index.ts';
import { awaitLogIns, saveBan } from './ban-store.ts';

/** What the server does about a ban. */
export interface BanActions {
  log: Logger;
  /** Logs out all devices of a user and keeps the user's scheduled messages from being sent. */
  endSessions(userId: bigint): Promise<void>;
}

/**
 * The job with which the server carries out and logs a ban that the operator ordered from another process.
 * @param actions undefined in a process that only enqueues the job
 */
export function createNoteBanJob(actions: BanActions | undefined) {
  return defineJobKind<{ isBanned: boolean; endsSessions?: boolean }>({
    kind: 'note-ban',
    codec: jsonCodec(),
    run: async ({ isBanned, endsSessions }, { ownerId }) => {
      const userId = ownerId === NOBODY ? undefined : ownerId;
      actions?.log.info({ event: isBanned ? 'banned' : 'unbanned', userId }, isBanned ? 'the operator banned a number' : 'the operator lifted the ban of a number');
      if (endsSessions === true && userId !== undefined) await actions?.endSessions(userId);
    },
  });
}

/**
 * Bans a phone number from logging in, or lifts the ban. A ban cancels outstanding codes for the number. Idempotent.
 * @param ban `phone`: normalised; `userId`: the user with this number; `endsSessions`: logs out the user's devices and stops the user's
 * scheduled messages, as soon as a server runs
 */
export async function doBanPhone(
  db: Database,
  ban: { phone: string; userId: bigint | undefined; isBanned: boolean; endsSessions?: boolean; nowDate: number },
): Promise<void> {
  await db.transact('ban-phone', async (tx) => {
    if (ban.userId !== undefined && ban.isBanned) await awaitLogIns(tx, ban.userId);
    await saveBan(tx, ban.phone, ban.isBanned, ban.nowDate);
    const whose = ban.userId === undefined ? 'a number without an account' : `the number of account ${ban.userId}`;
    await noteOperator(tx, `${ban.isBanned ? 'ban' : 'unban'} ${whose}${ban.endsSessions === true ? ', and end its sessions' : ''}`, ban.nowDate);
    await tx.job(createNoteBanJob(undefined).order(ban.userId ?? NOBODY, { isBanned: ban.isBanned, endsSessions: ban.endsSessions }));
  });
}
