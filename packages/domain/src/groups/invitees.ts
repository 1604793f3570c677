import { SERVICE_USER_IDS } from '@aerogram/cluster';
import { type ErrorName, rpcError } from '@aerogram/errors';
import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BotTerms } from '../chats/index.ts';
import { type Adder, type CreationSubject, isListedCreator, type SendLimits } from '../moderation/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';

/** A person who is to be added to a group. */
export interface Invitee {
  userId: bigint;
  /** What the actor is to them; undefined if they are left out, because of their privacy settings, because the actor reaches too many strangers today, or because they live in another data centre. */
  adder: Adder | undefined;
  /** The two have each other as contacts, or it is a bot, which anybody may bring back. */
  isMutual: boolean;
  /** The error of adding this person alone. When several people are added at once, it is ignored. */
  refusal: ErrorName | undefined;
  /** What is set about it, if it is a bot; undefined for people. */
  bot: BotTerms | undefined;
}

/** The dependencies of {@link findInvitees}. */
export interface InviteeDeps {
  db: Database;
  users: Pick<Users, 'findRelation'>;
  privacy: Pick<Privacy, 'mayInvite'>;
  sendLimits: Pick<SendLimits, 'checkAdding' | 'checkMayAdd'>;
}

/**
 * Reads which people the actor may add to a group. Strangers among them count as people to whom the actor writes first. Whoever is beyond that limit is left
 * out, and the others can be added.
 * @param subject what the people are added to. Whom the operator has listed as a creator of such is nobody's stranger
 * @throws RpcError 400 INPUT_USER_DEACTIVATED, USER_ID_INVALID (for service accounts, because they have no box), PEER_FLOOD (the operator limits the actor)
 */
export async function findInvitees({ db, users, privacy, sendLimits }: InviteeDeps, actorId: bigint, rows: readonly UserRow[], subject: CreationSubject): Promise<Invitee[]> {
  for (const { user_id: userId, deleted } of rows) {
    if (SERVICE_USER_IDS.has(userId)) throw rpcError('USER_ID_INVALID');
    if (deleted) throw rpcError('INPUT_USER_DEACTIVATED');
  }
  // Groups and channels have no members in other data centres.
  const isHere = (row: UserRow): boolean => row.elsewhere === undefined;
  if (rows.some((row) => isHere(row) && !row.bot && row.user_id !== actorId)) await sendLimits.checkMayAdd(actorId);
  const bots = await findBotTerms(db, rows.filter(isHere));
  const isListed = await isListedCreator(db, actorId, subject);
  const found = await Promise.all(
    rows.map(async (row) => ({ row, relation: await users.findRelation(actorId, row.user_id), isAllowed: isHere(row) && (await privacy.mayInvite(row.user_id, actorId)) })),
  );
  const invitees: Invitee[] = [];
  // One after the other, because each stranger is counted under the lock of the actor's counter.
  for (const { row, relation, isAllowed } of found) {
    const { user_id: userId } = row;
    const peer = { kind: 'user' as const, userId, peerId: userId, isSelf: userId === actorId, row };
    const bot = bots.get(userId);
    // Limits on writing to strangers do not apply to bots: no person gets anything when one is added.
    const adder = !isAllowed ? undefined : isListed || bot !== undefined ? 'known' : await sendLimits.checkAdding(actorId, peer);
    invitees.push({ userId, adder, isMutual: bot !== undefined || relation.contact?.mutual === true, refusal: relation.blocks ? 'YOU_BLOCKED_USER' : undefined, bot });
  }
  return invitees;
}

/** The people who were to be added and were not, as clients are told. Pure. */
export function projectMissingInvitees(invitees: readonly Invitee[], refusedIds: ReadonlySet<bigint>): tl.missingInvitee[] {
  return invitees.filter(({ userId, adder }) => adder === undefined || refusedIds.has(userId)).map(({ userId }) => ({ _: 'missingInvitee', user_id: userId }));
}

/** Those of the people who may be added as far as is known before their boxes are locked, and what the actor is to them. Pure. */
export function peopleOf(invitees: readonly Invitee[]): { userId: bigint; adder: Adder; bot: BotTerms | undefined }[] {
  return invitees.flatMap(({ userId, adder, bot }) => (adder === undefined ? [] : [{ userId, adder, bot }]));
}

/**
 * Checks that the bots among these may be added to a group or channel. Pure.
 * @param present how many bots are members already
 * @throws RpcError 400 BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH
 */
export function checkBots(invitees: readonly Invitee[], present: number, botsMax: number): void {
  const bots = invitees.flatMap(({ bot }) => (bot === undefined ? [] : [bot]));
  if (bots.some((bot) => !bot.joins_groups)) throw rpcError('BOT_GROUPS_BLOCKED');
  if (bots.length > 0 && present + bots.length > botsMax) throw rpcError('BOTS_TOO_MUCH');
}

const readTerms = defineStatement<BotTerms & { bot_id: bigint }>('read_bot_terms', 'SELECT bot_id, joins_groups, reads_all FROM bots WHERE bot_id = ANY ($1::bigint[])');

/** Reads what is set about the bots among these. Not cached, so that a setting holds for the next call. */
async function findBotTerms(db: Database, rows: readonly UserRow[]): Promise<Map<bigint, BotTerms>> {
  const botIds = rows.filter((row) => row.bot).map((row) => row.user_id);
  if (botIds.length === 0) return new Map();
  const found = new Map((await db.run(readTerms, [botIds])).rows.map(({ bot_id, joins_groups, reads_all }) => [bot_id, { joins_groups, reads_all }]));
  return new Map(botIds.map((botId) => [botId, found.get(botId) ?? CLOSED]));
}

/** A bot of which nothing is stored, such as one that comes with the server, joins no group. */
const CLOSED: BotTerms = { joins_groups: false, reads_all: false };
