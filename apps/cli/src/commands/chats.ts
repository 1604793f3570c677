import {
  ALL_CHATS,
  type CreationSubject,
  type Creators,
  doOrderCommand,
  findRetentionDays,
  listCreationPolicies,
  listNewcomerChannels,
  listOperatorLog,
  listRetention,
  NEWCOMER_CHANNELS_MAX,
  noteOperator,
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
import { requireAccount } from './find-account.ts';
import { findChat, type FoundChat, listChats, nameOf, requireChannelId } from './find-chat.ts';
import { describeChatMarks } from './marks.ts';
import { awaitOutcome } from './order.ts';


/** `aerogram chats list`: groups and channels, the newest first. */
export function showChats(options: CliOptions, wanted: { limit: number; ownerless: boolean }): Promise<void> {
  return withDatabase(options, async (db) => {
    const chats = await listChats(db, wanted);
    for (const chat of chats) {
      const owner = chat.ownerless ? 'no owner' : `owner ${chat.owner_id}`;
      options.print(`${nameOf(chat)}  ${chat.kind}, ${chat.members} members, ${owner}, since ${formatDate(chat.created_date)}`);
    }
    if (chats.length === 0) options.print(wanted.ownerless ? 'no groups or channels without an owner' : 'no groups or channels');
    if (chats.length === wanted.limit) options.print(`(the newest ${wanted.limit}; --limit shows more)`);
  });
}

/** `aerogram chats show`: one group or channel, and its admins. */
export function showChat(options: CliOptions, wanted: string): Promise<void> {
  const { print } = options;
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    const gone = chat.migrated_to === null ? ' (deleted)' : ` (became ${chat.migrated_to})`;
    print(`id        ${chat.id}${chat.deleted ? gone : ''}`);
    print(`kind      ${chat.kind}`);
    print(`title     ${chat.title}`);
    if (chat.about !== '') print(`about     ${chat.about.replaceAll('\n', ' ')}`);
    print(`username  ${chat.username === null ? '-' : `@${chat.username}`}`);
    print(`since     ${formatDate(chat.created_date)}`);
    print(`members   ${chat.members}`);
    print(`owner     ${chat.ownerless ? `none; it was account ${chat.owner_id}` : `account ${chat.owner_id}`}`);
    for (const line of await describeChatMarks(db, chat.id)) print(line);
    for (const { user_id, name } of await listAdmins(db, chat)) print(`admin     account ${user_id}, ${name}`);
    print(`kept      ${await describeKept(db, chat.id)}`);
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

async function describeKept(db: Database, peerId: bigint): Promise<string> {
  const all = await listRetention(db);
  const own = all.find((one) => one.peer_id === peerId);
  const common = all.find((one) => one.peer_id === ALL_CHATS);
  return own === undefined ? `messages ${daysText(common?.days ?? 0)}, as in all groups and channels` : `messages ${daysText(own.days)}`;
}

/** Orders a command, and waits until the running server has carried it out. */
async function order(db: Database, options: CliOptions, command: Parameters<typeof doOrderCommand>[1], what: string): Promise<void> {
  await awaitOutcome(db, options, { entryId: await doOrderCommand(db, command, what, systemClock.now()), what });
}

function checkExists({ deleted, migrated_to: migratedTo, title }: FoundChat): void {
  if (deleted) throw new Error(migratedTo === null ? `${title} was deleted` : `${title} became the supergroup ${migratedTo}`);
}

/** `aerogram chats delete`: deletes a group or channel with everything in it. */
export function deleteChat(options: CliOptions, wanted: string, { yes }: { yes: boolean }): Promise<void> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    if (!yes) throw new Error(`this deletes ${nameOf(chat)} with all messages, for its ${chat.members} members: add --yes`);
    await order(db, options, { kind: 'delete', peerId: chat.id }, `delete ${nameOf(chat)}`);
  });
}

/** `aerogram chats transfer`: makes a member the owner. */
export function transferChat(options: CliOptions, wanted: string, who: string): Promise<void> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    const { user_id: userId } = await requireAccount(db, who);
    await order(db, options, { kind: 'give', peerId: chat.id, userId }, `transfer ${nameOf(chat)} to account ${userId}`);
  });
}

/** `aerogram chats rescue`: gives a group or channel without an owner a new one. */
export function rescueChat(options: CliOptions, wanted: string, who: string | undefined): Promise<void> {
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    checkExists(chat);
    if (!chat.ownerless) throw new Error(`${nameOf(chat)} has an owner, account ${chat.owner_id}; "aerogram chats transfer" makes somebody else the owner`);
    const userId = who === undefined ? undefined : (await requireAccount(db, who)).user_id;
    const whom = userId === undefined ? 'the next admin, or the oldest member' : `account ${userId}`;
    await order(db, options, { kind: 'give', peerId: chat.id, userId }, `rescue ${nameOf(chat)} by ${whom}`);
  });
}

/** `aerogram chats retention`: shows or sets for how long messages are kept. @param wanted `all`, or one group or channel @param days `forever`, `default` or a number */
export function retainChat(options: CliOptions, wanted: string | undefined, days: string | undefined): Promise<void> {
  return withDatabase(options, async (db) => {
    if (wanted === undefined || days === undefined) return showRetention(db, options, wanted);
    const isAll = wanted === 'all';
    const chat = isAll ? undefined : await findChat(db, wanted);
    // `default` is allowed for a deleted group, too: it removes a setting that was made before the deletion.
    if (chat !== undefined && days !== 'default') checkExists(chat);
    const kept = days === 'forever' || (isAll && days === 'default') ? 0 : days === 'default' ? undefined : Number(days);
    if (kept !== undefined && (!Number.isInteger(kept) || kept < 0 || kept > RETENTION_DAYS_MAX || (kept === 0 && days !== 'forever' && !isAll))) {
      throw new Error(`days are a number from 1 to ${RETENTION_DAYS_MAX}, "forever" or "default"`);
    }
    const what = `keep messages of ${chat === undefined ? 'all groups and channels' : nameOf(chat)} ${kept === undefined ? 'as of all others' : daysText(kept)}`;
    await db.transact('save-retention', async (tx) => {
      await saveRetention(tx, chat?.id ?? ALL_CHATS, kept);
      await noteOperator(tx, what, systemClock.now());
    });
    options.print(what);
    if ((await findRetentionDays(db, chat?.id ?? ALL_CHATS)) > 0) options.print('older messages are deleted within ten minutes, as long as a server runs');
  });
}

async function showRetention(db: Database, { print }: CliOptions, wanted: string | undefined): Promise<void> {
  if (wanted !== undefined && wanted !== 'all') {
    print(await describeKept(db, (await findChat(db, wanted)).id));
    return;
  }
  const all = await listRetention(db);
  print(`all groups and channels: messages are kept ${daysText(all.find((one) => one.peer_id === ALL_CHATS)?.days ?? 0)}`);
  for (const { peer_id: peerId, days } of all) if (peerId !== ALL_CHATS) print(`${peerId}: messages are kept ${daysText(days)}`);
}

/** `aerogram chats creators`: shows or sets who may create what. */
export function setCreators(options: CliOptions, subject: CreationSubject | undefined, who: Creators | undefined, listed: { add?: string; remove?: string }): Promise<void> {
  return withDatabase(options, async (db) => {
    const changed = listed.add ?? listed.remove;
    if (subject === undefined || (who === undefined && changed === undefined)) {
      for (const policy of await listCreationPolicies(db)) {
        if (subject !== undefined && policy.subject !== subject) continue;
        options.print(`${policy.subject.padEnd(13)} ${policy.who}${policy.userIds.length === 0 ? '' : `; listed: ${policy.userIds.join(', ')}`}`);
      }
      return;
    }
    const nowDate = systemClock.now();
    if (who !== undefined) {
      const what = `${subject} may be created by ${who}`;
      await db.transact('save-creators', async (tx) => {
        await saveCreators(tx, subject, who);
        await noteOperator(tx, what, nowDate);
      });
      options.print(what);
    }
    if (changed === undefined) return;
    const { user_id: userId } = await requireAccount(db, changed);
    const isListed = listed.add !== undefined;
    const what = `account ${userId} is ${isListed ? '' : 'no longer '}on the list of those who may create ${subject}`;
    await db.transact('save-listed-creator', async (tx) => {
      await saveListedCreator(tx, subject, userId, isListed);
      await noteOperator(tx, what, nowDate);
    });
    options.print(what);
  });
}

/** `aerogram chats newcomers`: shows or changes the list of supergroups and channels that new users join when they sign up. */
export function setNewcomers(options: CliOptions, { add, remove }: { add?: string; remove?: string }): Promise<void> {
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
        await noteOperator(tx, what, systemClock.now());
      });
      options.print(what);
      return;
    }
    const channelIds = await listNewcomerChannels(db);
    if (channelIds.length === 0) options.print('newcomers join nothing by themselves');
    for (const channelId of channelIds) options.print(`newcomers join ${nameOf(await findChat(db, String(markPeer({ _: 'peerChannel', channel_id: channelId }))))}`);
  });
}

/** `aerogram chats log`: shows what operators have done, the newest first. */
export function showOperatorLog(options: CliOptions, limit: number): Promise<void> {
  return withDatabase(options, async (db) => {
    const entries = await listOperatorLog(db, limit);
    if (entries.length === 0) options.print('nothing was done yet');
    for (const { date, what, outcome } of entries) {
      options.print(`${formatDate(date)}  ${what}${outcome === 'done' ? '' : `: ${outcome ?? 'waits for a server'}`}`);
    }
  });
}
