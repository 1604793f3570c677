import {
  ALL_CHATS,
  type CreationSubject,
  type Creators,
  findRetentionDays,
  listCreationPolicies,
  listNewcomerChannels,
  listRetention,
  NEWCOMER_CHANNELS_MAX,
  noteOperator,
  PRIVATE_CHATS,
  RETENTION_DAYS_MAX,
  saveCreators,
  saveListedCreator,
  saveNewcomerChannel,
  saveRetention,
} from '@aerogram/domain';
import { CHANNEL_OFFSET, markPeer } from '@aerogram/cluster';
import { systemClock } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';
import { findChat, type FoundChat, listChats, nameOf, requireChannelId } from './find-chat.ts';
import { describeChatMarks } from './marks.ts';
import { orderCommand } from './order-command.ts';

/** A group or channel as programs see it. */
const projectChat = (chat: FoundChat) => ({
  id: chat.id,
  kind: chat.kind,
  title: chat.title,
  about: chat.about,
  username: chat.username,
  created_date: formatDate(chat.created_date),
  members: chat.members,
  owner: chat.owner_id,
  ownerless: chat.ownerless,
  deleted: chat.deleted,
  migrated_to: chat.migrated_to,
});

/** `aerogram chats list`: groups and channels, the newest first. */
export function showChats(options: CliOptions, wanted: { limit: number; ownerless: boolean }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const chats = await listChats(db, wanted);
    const lines = chats.map((chat) => {
      const owner = chat.ownerless ? 'no owner' : `owner ${chat.owner_id}`;
      return `${nameOf(chat)}  ${chat.kind}, ${chat.members} members, ${owner}, since ${formatDate(chat.created_date)}`;
    });
    if (chats.length === 0) lines.push(wanted.ownerless ? 'no groups or channels without an owner' : 'no groups or channels');
    if (chats.length === wanted.limit) lines.push(`(the newest ${wanted.limit}; --limit shows more)`);
    return { value: chats.map(projectChat), lines };
  });
}

/** `aerogram chats show`: one group or channel, and its admins. */
export function showChat(options: CliOptions, wanted: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    const gone = chat.migrated_to === null ? ' (deleted)' : ` (became ${chat.migrated_to})`;
    const admins = await listAdmins(db, chat);
    const marks = await describeChatMarks(db, chat.id);
    const kept = await findKept(db, chat.id);
    const lines = [
      `id        ${chat.id}${chat.deleted ? gone : ''}`,
      `kind      ${chat.kind}`,
      `title     ${chat.title}`,
      ...(chat.about === '' ? [] : [`about     ${chat.about.replaceAll('\n', ' ')}`]),
      `username  ${chat.username === null ? '-' : `@${chat.username}`}`,
      `since     ${formatDate(chat.created_date)}`,
      `members   ${chat.members}`,
      `owner     ${chat.ownerless ? `none; it was account ${chat.owner_id}` : `account ${chat.owner_id}`}`,
      ...marks.lines,
      ...admins.map(({ user_id: userId, name }) => `admin     account ${userId}, ${name}`),
      `kept      ${describeKept(kept)}`,
    ];
    return { value: { ...projectChat(chat), marks: marks.value, admins: admins.map(({ user_id: id, name }) => ({ id, name })), retention: kept }, lines };
  });
}

async function listAdmins(db: Database, { id, owner_id: ownerId }: FoundChat): Promise<{ user_id: bigint; name: string }[]> {
  const { rows } = await sql<{ user_id: bigint; name: string }>`
    SELECT m.user_id, trim(u.first_name || ' ' || u.last_name) AS name
      FROM (SELECT -chat_id AS id, user_id, role, status FROM chat_members WHERE chat_id = -${id}::bigint
             UNION ALL
            SELECT -${sql.raw(String(CHANNEL_OFFSET))} - channel_id, user_id, role, status FROM channel_members WHERE channel_id = -${sql.raw(String(CHANNEL_OFFSET))} - ${id}::bigint) AS m
      JOIN users u USING (user_id)
     WHERE m.status = 'member' AND m.role = 'admin' AND m.user_id <> ${ownerId} ORDER BY m.user_id LIMIT 50`.execute(db.q);
  return rows;
}

const daysText = (days: number): string => (days === 0 ? 'for ever' : days === 1 ? 'for 1 day' : `for ${days} days`);

/** For how long messages of a group or channel are kept; 0 days: for ever. */
interface Kept {
  days: number;
  /** Whether that is the setting for all. */
  common: boolean;
}

async function findKept(db: Database, peerId: bigint): Promise<Kept> {
  const all = await listRetention(db);
  const own = all.find((one) => one.peer_id === peerId);
  return { days: (own ?? all.find((one) => one.peer_id === ALL_CHATS))?.days ?? 0, common: own === undefined };
}

const describeKept = ({ days, common }: Kept): string => `messages ${daysText(days)}${common ? ', as in all groups and channels' : ''}`;

function checkExists({ deleted, migrated_to: migratedTo, title }: FoundChat): void {
  if (deleted) throw new Error(migratedTo === null ? `${title} was deleted` : `${title} became the supergroup ${migratedTo}`);
}

/** `aerogram chats delete`: deletes a group or channel with everything in it. */
export function deleteChat(options: CliOptions, wanted: string, { yes }: { yes: boolean }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    if (!yes) throw new Error(`this deletes ${nameOf(chat)} with all messages, for its ${chat.members} members: add --yes`);
    return await orderCommand(db, { kind: 'delete', peerId: chat.id }, `delete ${nameOf(chat)}`);
  });
}

/** `aerogram chats transfer`: makes a member the owner. */
export function transferChat(options: CliOptions, wanted: string, who: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    const { user_id: userId } = await requireAccount(db, who);
    return await orderCommand(db, { kind: 'give', peerId: chat.id, userId }, `transfer ${nameOf(chat)} to account ${userId}`);
  });
}

/** `aerogram chats rescue`: gives a group or channel without an owner a new one. */
export function rescueChat(options: CliOptions, wanted: string, who: string | undefined): Promise<Output> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    if (!chat.ownerless) throw new Error(`${nameOf(chat)} has an owner, account ${chat.owner_id}; "aerogram chats transfer" makes somebody else the owner`);
    const userId = who === undefined ? undefined : (await requireAccount(db, who)).user_id;
    const whom = userId === undefined ? 'the next admin, or the oldest member' : `account ${userId}`;
    return await orderCommand(db, { kind: 'give', peerId: chat.id, userId }, `rescue ${nameOf(chat)} by ${whom}`);
  });
}

/** What `aerogram chats retention` is asked about. */
interface Retained {
  /** What stands for it in the settings. */
  peerId: bigint;
  name: string;
  /** undefined for `all` and `private`. */
  chat?: FoundChat;
}

async function findRetained(db: Database, wanted: string): Promise<Retained> {
  if (wanted === 'all') return { peerId: ALL_CHATS, name: 'all groups and channels' };
  if (wanted === 'private') return { peerId: PRIVATE_CHATS, name: 'private chats' };
  const chat = await findChat(db, wanted);
  return { peerId: chat.id, name: nameOf(chat), chat };
}

/** `aerogram chats retention`: shows or sets for how long messages are kept. @param wanted `all`, `private`, or one group or channel @param days `forever`, `default` or a number */
export function retainChat(options: CliOptions, wanted: string | undefined, days: string | undefined): Promise<Output> {
  return withDatabase(options, async (db) => {
    if (wanted === undefined || days === undefined) return showRetention(db, wanted);
    const { peerId, name, chat } = await findRetained(db, wanted);
    const isAll = chat === undefined;
    // `default` is allowed for a deleted group, too: it removes a setting that was made before the deletion.
    if (chat !== undefined && days !== 'default') checkExists(chat);
    const kept = days === 'forever' || (isAll && days === 'default') ? 0 : days === 'default' ? undefined : Number(days);
    if (kept !== undefined && (!Number.isInteger(kept) || kept < 0 || kept > RETENTION_DAYS_MAX || (kept === 0 && days !== 'forever' && !isAll))) {
      throw new Error(`days are a number from 1 to ${RETENTION_DAYS_MAX}, "forever" or "default"`);
    }
    const what = `keep messages of ${name} ${kept === undefined ? 'as of all others' : daysText(kept)}`;
    await db.transact('save-retention', async (tx) => {
      await saveRetention(tx, peerId, kept);
      await noteOperator(tx, what, systemClock.now());
    });
    const isPrivate = peerId === PRIVATE_CHATS;
    const deletes = (kept ?? (await findRetentionDays(db, peerId))) > 0;
    const soon = isPrivate ? 'an hour, but not of Saved Messages, and not of accounts that export their data at that moment' : 'ten minutes';
    return { value: { chat: chat?.id ?? (isPrivate ? 'private' : null), days: kept ?? null, deletes }, lines: [what, ...(deletes ? [`older messages are deleted within ${soon}, as long as a server runs`] : [])] };
  });
}

async function showRetention(db: Database, wanted: string | undefined): Promise<Output> {
  if (wanted !== undefined && wanted !== 'all' && wanted !== 'private') {
    const { id } = await findChat(db, wanted);
    const kept = await findKept(db, id);
    return { value: { chat: id, ...kept }, lines: [describeKept(kept)] };
  }
  const all = await listRetention(db);
  const daysOf = (peerId: bigint): number => all.find((one) => one.peer_id === peerId)?.days ?? 0;
  const [days, privateDays] = [daysOf(ALL_CHATS), daysOf(PRIVATE_CHATS)];
  const own = all.filter((one) => one.peer_id < ALL_CHATS).map((one) => ({ chat: one.peer_id, days: one.days }));
  return {
    value: { days, private_days: privateDays, chats: own },
    lines: [`private chats: messages are kept ${daysText(privateDays)}`, `all groups and channels: messages are kept ${daysText(days)}`, ...own.map((one) => `${one.chat}: messages are kept ${daysText(one.days)}`)],
  };
}

/** `aerogram chats creators`: shows or sets who may create what. */
export function setCreators(options: CliOptions, subject: CreationSubject | undefined, who: Creators | undefined, listed: { add?: string; remove?: string }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const changed = listed.add ?? listed.remove;
    if (subject === undefined || (who === undefined && changed === undefined)) {
      const policies = (await listCreationPolicies(db)).filter((policy) => subject === undefined || policy.subject === subject);
      return {
        value: policies.map(({ subject: of, who: creators, userIds }) => ({ subject: of, who: creators, listed: userIds })),
        lines: policies.map(({ subject: of, who: creators, userIds }) => `${of.padEnd(13)} ${creators}${userIds.length === 0 ? '' : `; listed: ${userIds.join(', ')}`}`),
      };
    }
    const nowDate = systemClock.now();
    const lines: string[] = [];
    if (who !== undefined) {
      await db.transact('save-creators', async (tx) => {
        await saveCreators(tx, subject, who);
        await noteOperator(tx, `let ${who} create ${subject}`, nowDate);
      });
      lines.push(`${subject} may be created by ${who}`);
    }
    if (changed === undefined) return { value: { subject, who }, lines };
    const { user_id: userId } = await requireAccount(db, changed);
    const isListed = listed.add !== undefined;
    await db.transact('save-listed-creator', async (tx) => {
      await saveListedCreator(tx, subject, userId, isListed);
      await noteOperator(tx, `${isListed ? 'put' : 'take'} account ${userId} ${isListed ? 'on' : 'off'} the list of those who may create ${subject}`, nowDate);
    });
    lines.push(`account ${userId} is ${isListed ? '' : 'no longer '}on the list of those who may create ${subject}`);
    return { value: { subject, who: who ?? null, account: userId, listed: isListed }, lines };
  });
}

/** `aerogram chats newcomers`: shows or changes the list of supergroups and channels that new users join when they sign up. */
export function setNewcomers(options: CliOptions, { add, remove }: { add?: string; remove?: string }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const wanted = add ?? remove;
    if (wanted !== undefined) {
      const chat = await findChat(db, wanted);
      const joins = add !== undefined;
      if (joins) checkExists(chat);
      const channelId = requireChannelId(chat);
      if (joins && (await listNewcomerChannels(db)).length >= NEWCOMER_CHANNELS_MAX) throw new Error(`newcomers join ${NEWCOMER_CHANNELS_MAX} groups and channels at most`);
      const what = `newcomers join ${nameOf(chat)}${joins ? '' : ' no longer'}`;
      await db.transact('save-newcomer-channel', async (tx) => {
        await saveNewcomerChannel(tx, channelId, { joins, nowDate: systemClock.now() });
        await noteOperator(tx, `let ${what}`, systemClock.now());
      });
      return { value: { chat: chat.id, joins }, lines: [what] };
    }
    const channelIds = await listNewcomerChannels(db);
    const chats = await Promise.all(channelIds.map((channelId) => findChat(db, String(markPeer({ _: 'peerChannel', channel_id: channelId })))));
    return { value: chats.map(projectChat), lines: chats.length === 0 ? ['newcomers join nothing by themselves'] : chats.map((chat) => `newcomers join ${nameOf(chat)}`) };
  });
}
