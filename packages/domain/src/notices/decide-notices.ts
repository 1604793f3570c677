import { isMarkedUser } from '@aerogram/cluster';
import type { Queries } from '@aerogram/storage';

import { listPushDevices, type PushDeviceRow, TokenType } from '../auth/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { listArrivals } from '../search/index.ts';
import { isWorthNotice, noticeDelayMs } from './decide-notice.ts';
import { askReach } from './ask-devices.ts';
import type { DecideDeps } from './decide-deps.ts';
import { walkFollowers } from './walk-followers.ts';
import { type ChatFacts, type FactsOf, listChatFacts, listNoticeRanges, type NewNotice, type NoticeRange, saveDecided } from './notice-store.ts';
import { noticeOfAction } from './notice-kinds.ts';

/** Most events that are looked at at once. */
const EVENTS = 512;

/** What was decided. */
export interface Decided {
  /** Owners who have more events. */
  behind: bigint[];
  /** When the first of the notices is due, in milliseconds since 1970; undefined if none was written. */
  dueMs: number | undefined;
  /** Devices of which a session is to be woken. */
  woken: PushDeviceRow[];
}

/** What is decided for one owner: up to where it was decided, and what is told. */
interface OwnerNotices {
  from: number;
  to: number;
  notices: NewNotice[];
}

/**
 * Decides which devices are told of what has arrived in the boxes of these users, and in these supergroups and channels. The notices are written together with how far that was
 * decided, so that nothing is decided twice or left out.
 * @param owners users, and channels by their marked ids
 */
export async function decideNotices(deps: DecideDeps, owners: readonly bigint[]): Promise<Decided> {
  const decided = await decideBoxes(deps, owners.filter(isMarkedUser));
  const channels = owners.filter((owner) => !isMarkedUser(owner));
  for (const range of channels.length === 0 ? [] : await deps.db.readRepeatable('read-notice-ranges', (reads) => listNoticeRanges(reads, channels))) {
    const { dueMs, woken } = await walkFollowers(deps, range);
    if (dueMs !== undefined) decided.dueMs = Math.min(decided.dueMs ?? dueMs, dueMs);
    decided.woken.push(...woken);
  }
  return decided;
}

async function decideBoxes({ db, nowMs, questions }: DecideDeps, owners: readonly bigint[]): Promise<Decided> {
  const { ranges, arrivals, limit } = await db.readRepeatable('read-notice-arrivals', (reads) => readArrived(reads, owners));
  if (ranges.length === 0) return { behind: [], dueMs: undefined, woken: [] };
  const [devices, facts] = await Promise.all([listPushDevices(db, ranges.map(({ owner_id }) => owner_id)), listChatFacts(db, chatsOf(arrivals))]);
  const nowDate = Math.floor(nowMs() / 1000);
  const worth = arrivals.filter((row) => isWorth(row, facts, nowDate));
  const told = devices.filter(({ user_id }) => worth.some(({ owner_id }) => owner_id === user_id));
  const reach = await askReach(questions, told);
  const decided = new Map(ranges.map((range): [bigint, OwnerNotices] => [range.owner_id, { from: range.pushed_pts, to: endOf(range, arrivals, limit), notices: [] }]));
  const woken: PushDeviceRow[] = [];
  for (const device of told) {
    const isUsedElsewhere = facts.some(({ owner_id, online_date }) => owner_id === device.user_id && online_date > nowDate);
    const delayMs = noticeDelayMs({ reach: reach.get(device.auth_key_id) ?? 'away', isUsedElsewhere });
    if (delayMs === undefined) continue;
    if (device.token_type === TokenType.session) woken.push(device);
    else decided.get(device.user_id)!.notices.push(...worth.filter(({ owner_id }) => owner_id === device.user_id).map((row) => noticeOf(row, device, nowMs() + delayMs)));
  }
  const own = await db.transact('decide-notices', (tx) => saveDecided(tx, decided));
  return {
    behind: ranges.filter(({ owner_id, box_pts }) => own.has(owner_id) && decided.get(owner_id)!.to < box_pts).map(({ owner_id }) => owner_id),
    dueMs: firstDue([...own].flatMap((owner) => decided.get(owner)!.notices)),
    woken: woken.filter(({ user_id }) => own.has(user_id)),
  };
}

/** Reads how far the notices of these users are decided, and what has arrived since. */
async function readArrived(reads: Queries, owners: readonly bigint[]): Promise<{ ranges: NoticeRange[]; arrivals: MessageRow[]; limit: number }> {
  const ranges = await listNoticeRanges(reads, owners);
  const limit = Math.ceil(EVENTS / Math.max(ranges.length, 1));
  if (ranges.length === 0) return { ranges, arrivals: [], limit };
  const arrivals = await listArrivals(reads, ranges.map(({ owner_id, pushed_pts, box_pts }) => ({ owner: owner_id, after: pushed_pts, upTo: box_pts })), limit);
  return { ranges, arrivals, limit };
}

/** Whether a message is told at all. */
function isWorth(row: MessageRow, facts: readonly ChatFacts[], nowDate: number): boolean {
  const chat = facts.find(({ owner_id, peer_id }) => owner_id === row.owner_id && peer_id === row.peer_id);
  const { action } = hasFlag(row, MessageFlag.service) ? unpackMessageExtra(row.extra) : {};
  return isWorthNotice(
    {
      isOwn: hasFlag(row, MessageFlag.out) || row.peer_id === row.owner_id,
      isReminder: row.peer_id === row.owner_id && hasFlag(row, MessageFlag.fromScheduled),
      isQuiet: hasFlag(row, MessageFlag.service) && (action === undefined || noticeOfAction(action, row.owner_id) === undefined),
      date: row.date,
      isMention: hasFlag(row, MessageFlag.mentioned),
    },
    { isRead: chat !== undefined && row.msg_id <= chat.read_max_id && row.peer_id !== row.owner_id, isMuted: chat !== undefined && chat.mute_until > nowDate },
    nowDate,
  );
}

/** The chats in which something has arrived, each once. */
function chatsOf(rows: readonly MessageRow[]): FactsOf[] {
  const chats = new Map(rows.map(({ owner_id: owner, peer_id: peer }): [string, FactsOf] => [`${owner}:${peer}`, { owner, peer, scope: isMarkedUser(peer) ? 'users' : 'chats' }]));
  return [...chats.values()];
}

/** Up to where the events of an owner were read. If a read returned as many rows as it may, there may be more after its last one. */
function endOf({ owner_id, box_pts }: NoticeRange, arrivals: readonly MessageRow[], limit: number): number {
  const own = arrivals.filter((row) => row.owner_id === owner_id);
  return own.length === limit ? own.at(-1)!.pts : box_pts;
}

const noticeOf = ({ owner_id, peer_id, msg_id, pts, date }: MessageRow, { auth_key_id, token_type }: PushDeviceRow, dueMs: number): NewNotice => ({
  owner_id, auth_key_id, token_type, peer_id, msg_id, pts, date, due_ms: BigInt(Math.ceil(dueMs)),
});

function firstDue(notices: readonly NewNotice[]): number | undefined {
  return notices.length === 0 ? undefined : Math.min(...notices.map(({ due_ms }) => Number(due_ms)));
}
