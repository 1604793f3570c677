import type { Database, Tx } from '@aerogram/storage';

/** Maximum number of channels that newcomers join. */
export const NEWCOMER_CHANNELS_MAX = 20;

/** Lists the supergroups and channels that newcomers join. @returns plain ids */
export async function listNewcomerChannels({ q }: Pick<Database, 'q'>): Promise<bigint[]> {
  const rows = await q.selectFrom('newcomer_channels').select('channel_id').orderBy('added_date').orderBy('channel_id').limit(NEWCOMER_CHANNELS_MAX).execute();
  return rows.map((row) => row.channel_id);
}

/** Lets newcomers join a channel from now on, or no longer. */
export async function saveNewcomerChannel(tx: Tx, channelId: bigint, { joins, nowDate }: { joins: boolean; nowDate: number }): Promise<void> {
  if (joins) await tx.q.insertInto('newcomer_channels').values({ channel_id: channelId, added_date: nowDate }).onConflict((oc) => oc.doNothing()).execute();
  else await tx.q.deleteFrom('newcomer_channels').where('channel_id', '=', channelId).execute();
}
