import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** The notification settings that a person has for a topic of a forum; null: as for the forum. */
export type TopicSettings = Pick<Selectable<Tables['user_threads']>, 'show_previews' | 'silent' | 'mute_until' | 'sound'>;

/** The settings for one topic. */
export interface TopicSettingsRow extends TopicSettings {
  /** Marked id of the forum. */
  peer_id: bigint;
  top_id: number;
}

/** A topic of a forum, for which its owner has settings. */
export interface SettingsTopic {
  ownerId: bigint;
  /** The plain id of the forum. */
  channelId: bigint;
  topId: number;
}

const COLUMNS = ['show_previews', 'silent', 'mute_until', 'sound'] as const;

/** SQL: there are settings; the same condition as that of the index. */
const HAS_SETTINGS = '(show_previews IS NOT NULL OR silent IS NOT NULL OR mute_until IS NOT NULL OR sound IS NOT NULL)';

const SELECTED = `-channel_id - ${CHANNEL_OFFSET} AS peer_id, top_id, ${COLUMNS.join(', ')}`;

const readOne = defineStatement<TopicSettingsRow>('read_topic_settings', `SELECT ${SELECTED} FROM user_threads WHERE owner_id = $1 AND channel_id = $2 AND top_id = $3`);

const readAll = defineStatement<TopicSettingsRow>(
  'list_topic_settings',
  `SELECT ${SELECTED} FROM user_threads WHERE owner_id = $1 AND ${HAS_SETTINGS} ORDER BY channel_id, top_id LIMIT $2`,
);

const reset = defineStatement<{ peer_id: bigint; top_id: number }>(
  'reset_topic_settings',
  `UPDATE user_threads SET show_previews = NULL, silent = NULL, mute_until = NULL, sound = NULL WHERE owner_id = $1 AND ${HAS_SETTINGS}
   RETURNING -channel_id - ${CHANNEL_OFFSET} AS peer_id, top_id`,
);

/** Finds the settings for a topic; undefined if they are those of the forum. */
export async function findTopicSettings(reads: Pick<Tx, 'run'>, { ownerId, channelId, topId }: SettingsTopic): Promise<TopicSettingsRow | undefined> {
  return (await reads.run(readOne, [ownerId, channelId, topId])).rows[0];
}

/** Lists the settings for topics. */
export async function listTopicSettings(reads: Pick<Tx, 'run'>, ownerId: bigint, limit: number): Promise<readonly TopicSettingsRow[]> {
  return (await reads.run(readAll, [ownerId, limit])).rows;
}

/** Changes these columns of the settings for a topic, and leaves out columns that topics do not have. */
export async function saveTopicSettings(tx: Tx, { ownerId, channelId, topId }: SettingsTopic, change: Partial<TopicSettings>): Promise<void> {
  const set = Object.fromEntries(COLUMNS.flatMap((column) => (change[column] === undefined ? [] : [[column, change[column]]])));
  if (Object.keys(set).length === 0) return;
  await tx.q
    .insertInto('user_threads')
    .values({ owner_id: ownerId, channel_id: channelId, top_id: topId, draft: null, ahead_from: null, show_previews: null, silent: null, mute_until: null, sound: null, ...set })
    .onConflict((conflict) => conflict.columns(['owner_id', 'channel_id', 'top_id']).doUpdateSet(set))
    .execute();
}

/** Deletes the settings for all topics. @returns what they were for */
export async function resetTopicSettings(tx: Tx, ownerId: bigint): Promise<readonly { peer_id: bigint; top_id: number }[]> {
  return (await tx.run(reset, [ownerId])).rows;
}
