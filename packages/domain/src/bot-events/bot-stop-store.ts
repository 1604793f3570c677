import type { Tx } from '@aerogram/storage';

/** That a person has stopped a bot by blocking it, or has ended that. */
export interface BotStop {
  userId: bigint;
  stopped: boolean;
  /** Position of the change in the person's box, by which an older change that comes late is recognised; absent for somebody elsewhere, of whom it is read what is so when the change is noted. */
  seq?: number | undefined;
  date: number;
}

/**
 * Notes the change, unless a later one is noted already. The bot's counter is locked.
 * @returns whether this is news to the bot; it is not if the person never wrote to it
 */
export async function saveStop(tx: Tx, botId: bigint, { userId, stopped, seq }: BotStop): Promise<boolean> {
  const known = await tx.q
    .selectFrom('bot_users')
    .select(['stopped', 'stop_seq'])
    .where('bot_id', '=', botId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (known === undefined || (seq !== undefined && known.stop_seq >= seq)) return false;
  await tx.q.updateTable('bot_users').set({ stopped, ...(seq !== undefined && { stop_seq: seq }) }).where('bot_id', '=', botId).where('user_id', '=', userId).execute();
  return known.stopped !== stopped;
}

/** Those of these users that are bots. */
export async function selectBots(tx: Tx, userIds: readonly bigint[]): Promise<bigint[]> {
  if (userIds.length === 0) return [];
  const rows = await tx.q.selectFrom('users').select('user_id').where('user_id', 'in', userIds).where('bot', '=', true).execute();
  return rows.map((row) => row.user_id);
}
