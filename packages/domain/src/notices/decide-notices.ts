import { isMarkedUser } from '@aerogram/cluster';
import type { Queries } from '@aerogram/storage';

import type { PushDeviceRow } from '../auth/index.ts';
import type { MessageRow } from '../events/index.ts';
import { listArrivals } from '../search/index.ts';
import { groupBy } from '../shared/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { isTold, scopeOf } from './judge-message.ts';
import { type FactsOf, listChatFacts, listNoticeRanges, type NoticeRange, saveDecided } from './notice-store.ts';
import { firstDue, tellDevices } from './tell-devices.ts';
import { walkFollowers } from './walk-followers.ts';

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

/**
 * Decides which devices are told of what has arrived in the boxes of these users, and in these supergroups and channels. The notices are written together with how far that was
 * decided, so that nothing is decided twice or left out.
 * @param owners users, and channels by their marked ids
 */
export async function decideNotices(deps: DecideDeps, owners: readonly bigint[]): Promise<Decided> {
  const { users, arrivals, channels } = await deps.db.readRepeatable('read-notice-arrivals', (reads) => readArrived(reads, owners));
  const decided = await decideBoxes(deps, users, arrivals);
  for (const range of channels) {
    const { dueMs, woken } = await walkFollowers(deps, range);
    if (dueMs !== undefined) decided.dueMs = Math.min(decided.dueMs ?? dueMs, dueMs);
    decided.woken.push(...woken);
  }
  return decided;
}

/** What has arrived, and how far that was read. */
interface Arrived {
  rows: MessageRow[];
  /** As many of one owner may be read; there may be more after the last one then. */
  limit: number;
}

async function decideBoxes(deps: DecideDeps, ranges: readonly NoticeRange[], { rows, limit }: Arrived): Promise<Decided> {
  if (ranges.length === 0) return { behind: [], dueMs: undefined, woken: [] };
  const { db, clock } = deps;
  const nowDate = Math.floor(clock.nowMs() / 1000);
  const facts = await listChatFacts(db, chatsOf(rows));
  const factsOf = new Map(facts.map((chat) => [chatKey(chat), chat]));
  const online = new Set(facts.flatMap(({ owner_id, online_date }) => (online_date > nowDate ? [owner_id] : [])));
  const told = groupBy(rows.filter((row) => isTold(row, row.owner_id, factsOf.get(chatKey(row))!, nowDate)), ({ owner_id }) => owner_id);
  const { notices, woken } = await tellDevices(deps, told, (userId) => online.has(userId));
  const [arrivedOf, noticesOf] = [groupBy(rows, ({ owner_id }) => owner_id), groupBy(notices, ({ owner_id }) => owner_id)];
  const endOf = ({ owner_id, box_pts }: NoticeRange): number => {
    const own = arrivedOf.get(owner_id) ?? [];
    return own.length === limit ? own.at(-1)!.pts : box_pts;
  };
  const decided = new Map(ranges.map((range) => [range.owner_id, { from: range.pushed_pts, to: endOf(range), notices: noticesOf.get(range.owner_id) ?? [] }]));
  const own = await db.transact('decide-notices', (tx) => saveDecided(tx, decided));
  return {
    behind: ranges.filter(({ owner_id, box_pts }) => own.has(owner_id) && decided.get(owner_id)!.to < box_pts).map(({ owner_id }) => owner_id),
    dueMs: firstDue(notices.filter(({ owner_id }) => own.has(owner_id))),
    woken: woken.filter(({ user_id }) => own.has(user_id)),
  };
}

/** Reads how far the notices of these owners are decided, and what has arrived in the boxes of users since. */
async function readArrived(reads: Queries, owners: readonly bigint[]): Promise<{ users: NoticeRange[]; arrivals: Arrived; channels: NoticeRange[] }> {
  const ranges = await listNoticeRanges(reads, owners);
  const [users, channels] = [true, false].map((isUser) => ranges.filter(({ owner_id }) => isMarkedUser(owner_id) === isUser)) as [NoticeRange[], NoticeRange[]];
  const limit = Math.ceil(EVENTS / Math.max(users.length, 1));
  const rows = await listArrivals(reads, users.map(({ owner_id, pushed_pts, box_pts }) => ({ owner: owner_id, after: pushed_pts, upTo: box_pts })), limit);
  return { users, arrivals: { rows, limit }, channels };
}

const chatKey = ({ owner_id, peer_id }: { owner_id: bigint; peer_id: bigint }): string => `${owner_id}:${peer_id}`;

/** The chats in which something has arrived, each once. */
function chatsOf(rows: readonly MessageRow[]): FactsOf[] {
  const chats = new Map(rows.map((row): [string, FactsOf] => [chatKey(row), { owner: row.owner_id, peer: row.peer_id, scope: scopeOf(row) }]));
  return [...chats.values()];
}
