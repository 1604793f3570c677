import { type AccountLimit, type Badge, describeLimit, type MarkChange, type MarkColumns, orderAccountLimit, orderMark } from '@aerogram/domain';
import { unmarkPeer } from '@aerogram/cluster';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';
import { findChat, nameOf } from './find-chat.ts';
import { awaitCommand } from './order-command.ts';

/** Options of `user mark` and `chats mark`. */
export interface MarkOptions {
  verified?: boolean;
  scam?: boolean;
  fake?: boolean;
  /** The text that is shown instead of the chat. */
  restrict?: string;
  /** One word for the kind of restriction. */
  reason: string;
  clear?: boolean;
}

function changeOf({ restrict, reason, clear = false, ...badges }: MarkOptions): MarkChange {
  const chosen = (['verified', 'scam', 'fake'] as const).filter((badge) => badges[badge]);
  if (chosen.length > 1) throw new Error('verified, scam and fake exclude each other');
  const badge: Badge | undefined = chosen[0] ?? (clear ? 'none' : undefined);
  const restriction = restrict !== undefined ? { reason, text: restrict } : clear ? null : undefined;
  if (badge === undefined && restriction === undefined) throw new Error('say what to mark it as: --verified, --scam, --fake, --restrict or --clear');
  return { badge, restriction };
}

/** `aerogram user mark`: sets what all clients say beside the name of a person or bot. */
export function markUser(options: CliOptions, who: string, marks: MarkOptions): Promise<Output> {
  const change = changeOf(marks);
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, who);
    const { entryId, what } = await orderMark(db, { id, name: `account ${id}` }, change, systemClock.now());
    return awaitCommand(db, entryId, what);
  });
}

/** `aerogram user support`: marks a person as support, or no longer. */
export function markSupport(options: CliOptions, who: string, isSupport: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, who);
    const { entryId, what } = await orderMark(db, { id, name: `account ${id}` }, { support: isSupport }, systemClock.now());
    return awaitCommand(db, entryId, what);
  });
}

/** `aerogram chats mark`: sets what all clients say beside the title of a supergroup or channel. */
export function markChat(options: CliOptions, wanted: string, marks: MarkOptions): Promise<Output> {
  const change = changeOf(marks);
  return withDatabase(options, async (db) => {
    const chat = await findChat(db, wanted);
    const { entryId, what } = await orderMark(db, { id: chat.id, name: nameOf(chat) }, change, systemClock.now());
    return awaitCommand(db, entryId, what);
  });
}

/** `aerogram user limit`: keeps an account from writing to strangers, or lets it again. @param limit undefined: lifts it */
export function limitUser(options: CliOptions, who: string, limit: AccountLimit | undefined): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: id } = await requireAccount(db, who);
    const { entryId, what } = await orderAccountLimit(db, id, limit, systemClock.now());
    return awaitCommand(db, entryId, what);
  });
}

/** What `user show` says of the operator's marks and limits of an account. */
export async function describeStanding(db: Database, userId: bigint): Promise<Output> {
  const row = await db.q
    .selectFrom('users')
    .select([...MARKS, 'gives_support', 'limited_until', 'limit_reason'])
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  const marks = describeMarks(row, row.gives_support);
  const limit = row.limited_until > systemClock.now() ? describeLimit({ untilDate: row.limited_until, reason: row.limit_reason }) : undefined;
  const restriction = row.restriction_reason === null ? null : { reason: row.restriction_reason, text: row.restriction_text };
  return { value: { marks: marks.value, restriction, limit: limit ?? null }, lines: [...marks.lines, ...(limit === undefined ? [] : [`limited   ${limit}`])] };
}

/** What `chats show` says of the operator's marks. @param peerId marked */
export async function describeChatMarks(db: Database, peerId: bigint): Promise<Output> {
  const peer = unmarkPeer(peerId);
  if (peer._ !== 'peerChannel') return { value: [], lines: [] };
  return describeMarks(await db.q.selectFrom('channels').select(MARKS).where('channel_id', '=', peer.channel_id).executeTakeFirstOrThrow());
}

const MARKS = ['verified', 'scam', 'fake', 'restriction_reason', 'restriction_text'] as const;

function describeMarks(row: MarkColumns, isSupport = false): Output {
  const badges = (['verified', 'scam', 'fake'] as const).filter((badge) => row[badge]);
  const marks = [...badges, ...(isSupport ? ['support'] : []), ...(row.restriction_reason === null ? [] : [`restricted (${row.restriction_reason}): ${row.restriction_text}`])];
  return { value: marks, lines: marks.length === 0 ? [] : [`marked    ${marks.join(', ')}`] };
}
