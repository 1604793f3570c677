import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { BotSecret } from '../bot-rows/index.ts';
import type { Names } from '../names/index.ts';
import { saveUserWords } from '../users/index.ts';

/** What is stored of a new bot. */
export interface BotInsert {
  botId: bigint;
  ownerId: bigint | undefined;
  firstName: string;
  /** Reserved for this id. */
  username: string;
  secret: BotSecret;
  nowDate: number;
}

/**
 * Creates the rows of a bot and confirms its username.
 * @returns false if the id belongs to somebody else
 * @throws RpcError 400 USERNAME_OCCUPIED
 */
export async function insertBot({ tx, names }: { tx: Tx; names: Names }, { botId, ownerId, firstName, username, secret, nowDate }: BotInsert): Promise<boolean> {
  const written = await tx.q
    .insertInto('users')
    .values({ user_id: botId, phone: null, bot: true, first_name: firstName, last_name: '', username, created_date: nowDate, online_date: 0 })
    .onConflict((oc) => oc.column('user_id').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (written === undefined) return false;
  await insertBotRow(tx, { botId, ownerId, secret, nowDate });
  await names.changeUsername({ tx, told: names.told(tx, nowDate) }, botId, { name: username.toLowerCase(), old: undefined });
  await saveUserWords(tx, botId);
  return true;
}

/** Writes what only bots have. @param bot the account is written by others */
export async function insertBotRow(tx: Tx, bot: Pick<BotInsert, 'botId' | 'ownerId' | 'secret' | 'nowDate'> & { settings?: BotSettings }): Promise<void> {
  const { botId, ownerId, secret, nowDate, settings } = bot;
  await tx.q.insertInto('bots').values({ bot_id: botId, owner_id: ownerId ?? null, created_date: nowDate, ...secret, ...settings }).execute();
}

/** Number of bots of an owner that are not deleted. */
export async function countBotsOf(tx: Tx, ownerId: bigint): Promise<number> {
  const { count } = await tx.q
    .selectFrom('bots')
    .innerJoin('users', 'users.user_id', 'bots.bot_id')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('bots.owner_id', '=', ownerId)
    .where('users.deleted', '=', false)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What is stored of a token, and whether the bot was deleted. */
export type BotSecretRow = Pick<Selectable<Tables['bots']>, 'token_hash' | 'former_hash' | 'sealed_token' | 'owner_id' | 'logged_out_until'> & { deleted: boolean };

/** Reads what is stored of a bot's token. */
export function findBotSecret(q: Database['q'] | Tx['q'], botId: bigint): Promise<BotSecretRow | undefined> {
  return q
    .selectFrom('bots')
    .innerJoin('users', 'users.user_id', 'bots.bot_id')
    .select(['token_hash', 'former_hash', 'sealed_token', 'owner_id', 'logged_out_until', 'users.deleted'])
    .where('bots.bot_id', '=', botId)
    .executeTakeFirst();
}

/** Notes until when a bot cannot use the Bot API, in unix seconds. */
export async function saveBotLogOut(tx: Tx, botId: bigint, untilDate: number): Promise<void> {
  await tx.q.updateTable('bots').set({ logged_out_until: untilDate }).where('bot_id', '=', botId).execute();
}

// Nearly all tokens are unchanged, so only those that ended are returned.
const readEnded = defineStatement<{ bot_id: bigint; is_revoked: boolean }>(
  'read_ended_bot_tokens',
  `SELECT known.bot_id, bots.token_hash IS DISTINCT FROM known.token_hash OR users.deleted IS NOT FALSE AS is_revoked
     FROM unnest($1::bigint[], $2::bytea[]) AS known (bot_id, token_hash)
     LEFT JOIN bots ON bots.bot_id = known.bot_id
     LEFT JOIN users ON users.user_id = known.bot_id
    WHERE bots.token_hash IS DISTINCT FROM known.token_hash OR users.deleted IS NOT FALSE OR bots.logged_out_until > $3::integer`,
);

/**
 * Lists the bots that cannot be used with their tokens now: they have another token by now, do not exist or were deleted (`revoked`), or have logged out.
 * @param tokens the bots with the hashes of the secret parts
 * @param nowDate in unix seconds
 */
export async function listEndedTokens(db: Database, tokens: ReadonlyMap<bigint, Uint8Array>, nowDate: number): Promise<Map<bigint, 'revoked' | 'logged-out'>> {
  const { rows } = await db.run(readEnded, [[...tokens.keys()], [...tokens.values()], nowDate]);
  return new Map(rows.map(({ bot_id: botId, is_revoked: isRevoked }) => [botId, isRevoked ? 'revoked' : 'logged-out']));
}

/**
 * As {@link findBotSecret}, locked until the transaction ends.
 * @param lock `keep`: the token must stay as it is; `change`: the transaction changes it
 */
export async function lockBotSecret({ q }: Tx, botId: bigint, lock: 'keep' | 'change'): Promise<BotSecretRow | undefined> {
  const row = q.selectFrom('bots').select('bot_id').where('bot_id', '=', botId);
  // Read by another statement: one that waits for the lock would see the row in `users` as it was before, and so a bot that was deleted meanwhile.
  await (lock === 'keep' ? row.forShare() : row.forUpdate()).execute();
  return findBotSecret(q, botId);
}

/** Locks a bot until the transaction ends, so that nobody logs in as it meanwhile. */
export async function lockBot(tx: Tx, botId: bigint): Promise<Pick<BotSecretRow, 'owner_id' | 'deleted'> | undefined> {
  return lockBotSecret(tx, botId, 'change');
}

/** Leaves the bots of an account that ends without an owner. They go on. */
export async function disownBots(tx: Tx, ownerId: bigint): Promise<void> {
  await tx.q.updateTable('bots').set({ owner_id: null }).where('owner_id', '=', ownerId).execute();
}

/** Leaves a bot without an owner. */
export async function disownBot(tx: Tx, botId: bigint): Promise<void> {
  await tx.q.updateTable('bots').set({ owner_id: null }).where('bot_id', '=', botId).execute();
}

/** Forgets the token of a bot that ends, as far as it could be read again. It is still recognised, so that whoever uses it is told that it is not valid any more. */
export async function dropSealedToken(tx: Tx, botId: bigint): Promise<void> {
  await tx.q.updateTable('bots').set({ sealed_token: new Uint8Array() }).where('bot_id', '=', botId).execute();
}

/** Gives a bot another token. The one before it is recognised as revoked. */
export async function saveBotSecret(tx: Tx, botId: bigint, secret: BotSecret): Promise<void> {
  await tx.q
    .updateTable('bots')
    .set((eb) => ({ ...secret, former_hash: eb.ref('token_hash') }))
    .where('bot_id', '=', botId)
    .execute();
}

/** What the owner of a bot can set; what is left out stays. */
export type BotSettings = Partial<Pick<Selectable<Tables['bots']>, 'joins_groups' | 'reads_all' | 'inline_placeholder' | 'inline_geo' | 'inline_feedback'>>;

/** Maximum length of the text in the empty field of an inline query, in UTF-16 units; the rest is cut off. */
export const INLINE_PLACEHOLDER_MAX = 64;

/** Lists bots that are not deleted, the oldest first. @param ownerId of this owner; undefined: all */
export function listBots(q: Database['q'], ownerId: bigint | undefined, limit: number) {
  return q
    .selectFrom('bots')
    .innerJoin('users', 'users.user_id', 'bots.bot_id')
    .select(['bots.bot_id', 'bots.owner_id', 'bots.created_date', 'bots.joins_groups', 'bots.reads_all', 'users.first_name', 'users.username'])
    .where('users.deleted', '=', false)
    .$if(ownerId !== undefined, (query) => query.where('bots.owner_id', '=', ownerId!))
    .orderBy('bots.created_date')
    .orderBy('bots.bot_id')
    .limit(limit)
    .execute();
}

/** How many times more bots are listed than an owner may have: the setting may have been higher when they were made. */
const LISTED = 10;

/** Lists the bots of an owner, as {@link listBots}. */
export function listBotsOf(q: Database['q'], ownerId: bigint, { botsPerOwnerMax }: { botsPerOwnerMax: number }) {
  return listBots(q, ownerId, LISTED * botsPerOwnerMax);
}
