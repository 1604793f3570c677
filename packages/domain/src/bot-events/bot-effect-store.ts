import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

/** An update that a bot will get; its qts is 0 until the bot's box numbers it. */
export interface BotEffect {
  botId: bigint;
  update: tl.Update;
}

const insertRows = defineStatement(
  'insert_bot_effects',
  'INSERT INTO bot_effects (bot_id, payload) SELECT * FROM unnest($1::bigint[], $2::bytea[])',
);

const takeRows = defineStatement<{ effect_id: bigint; payload: Uint8Array }>(
  'take_bot_effects',
  `WITH taken AS (
     DELETE FROM bot_effects WHERE effect_id IN (SELECT effect_id FROM bot_effects WHERE bot_id = $1 ORDER BY effect_id LIMIT $2) RETURNING effect_id, payload)
   SELECT effect_id, payload FROM taken WHERE NOT EXISTS (SELECT FROM users WHERE user_id = $1 AND deleted)`,
);

/** Adds updates to the outbox of bots. Those of one chat are added under its lock, so that their ids are in the order of the changes. */
export async function insertEffects(tx: Tx, effects: readonly BotEffect[]): Promise<void> {
  await tx.run(insertRows, [effects.map(({ botId }) => botId), effects.map(({ update }) => storedEncode(update))]);
}

/** Takes the oldest updates of a bot from the outbox. The bot's counter is locked. Those of a bot that is deleted are gone: nothing would delete them from its box. */
export async function takeEffects(tx: Tx, botId: bigint, limit: number): Promise<tl.Update[]> {
  const { rows } = await tx.run(takeRows, [botId, limit]);
  // The cast is safe: insertEffects stores updates only.
  return rows.toSorted((a, b) => (a.effect_id < b.effect_id ? -1 : 1)).map(({ payload }) => storedDecode(payload) as tl.Update);
}

const findBotsHere = defineStatement<{ user_id: bigint; is_admin: boolean }>(
  'find_bots_of_channel',
  `SELECT u.user_id, false AS is_admin FROM users u WHERE u.bot AND u.user_id = ANY ($2::bigint[])
    UNION ALL
   SELECT m.user_id, true FROM channel_members m JOIN users u ON u.user_id = m.user_id
    WHERE m.channel_id = $1 AND m.role <> 'member' AND m.status = 'member' AND u.bot`,
);

/** The bots among these members of a channel, and the bots that are admins of it. @param channelId the plain id */
export async function findBotsOfChannel(tx: Tx, channelId: bigint, userIds: readonly bigint[]): Promise<{ changed: Set<bigint>; admins: Set<bigint> }> {
  const { rows } = await tx.run(findBotsHere, [channelId, userIds]);
  const idsOf = (isAdmin: boolean): Set<bigint> => new Set(rows.filter((row) => row.is_admin === isAdmin).map((row) => row.user_id));
  return { changed: idsOf(false), admins: idsOf(true) };
}
