import type { PushDeviceRow } from '../auth/index.ts';
import type { MessageRow } from '../events/index.ts';
import { listArrivals } from '../search/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { listFollowers, moveWalk } from './follower-store.ts';
import { isTold, scopeOf } from './judge-message.ts';
import { type ChannelWalk, insertDeviceNotices, listChatFacts, type NoticeRange } from './notice-store.ts';
import { firstDue, tellDevices, type Told } from './tell-devices.ts';

/** Followers who are told in one transaction. */
const PAGE = 500;
/** If more posts wait, or the oldest of them is older, in seconds, only the newest is told. */
const [POSTS_MAX, BEHIND_S] = [20, 60];

/** Events of a channel that are looked at: so many posts at most. */
const EVENTS = 512;

const BELOW_ALL = 0n;

/** What was decided for a channel. */
interface Walked {
  /** When the first of the notices is due, in milliseconds since 1970; undefined if none was written. */
  dueMs: number | undefined;
  /** Devices of which a session is to be woken. */
  woken: PushDeviceRow[];
}

/**
 * Tells the followers of a supergroup or channel who have devices of its new posts, in pages. How far that went is stored with each page, so that it goes on there after a crash.
 * Nothing of this is done while a post is made.
 */
export async function walkFollowers(deps: DecideDeps, { owner_id: channelId, box_pts, ...start }: NoticeRange): Promise<Walked> {
  const { db } = deps;
  const walked: Walked = { dueMs: undefined, woken: [] };
  let walk: ChannelWalk = start;
  const to = walk.walk_to ?? box_pts;
  const posts = await findNews(deps, channelId, walk.pushed_pts, to);
  for (;;) {
    const owners = posts.length === 0 ? [] : await listFollowers(db, channelId, walk.walk_after ?? BELOW_ALL, PAGE);
    const isLast = owners.length < PAGE;
    const { notices, woken } = await tellPage(deps, owners, posts);
    const next: ChannelWalk = isLast ? { pushed_pts: to, walk_to: null, walk_after: null } : { pushed_pts: walk.pushed_pts, walk_to: to, walk_after: owners.at(-1)! };
    const from = walk;
    const isMoved = await db.transact('tell-followers', async (tx) => {
      if (!(await moveWalk(tx, channelId, from, next))) return false;
      await insertDeviceNotices(tx, notices);
      return true;
    });
    // Another process does it.
    if (!isMoved) return walked;
    walked.woken.push(...woken);
    const dueMs = firstDue(notices);
    if (dueMs !== undefined) walked.dueMs = Math.min(walked.dueMs ?? dueMs, dueMs);
    if (isLast) return walked;
    walk = next;
  }
}

/** The posts that are told: all that wait, or only the newest of them. Of events further back, none is looked at. */
async function findNews({ db, clock }: DecideDeps, channelId: bigint, after: number, upTo: number): Promise<MessageRow[]> {
  const range = { owner: channelId, after: Math.max(after, upTo - EVENTS), upTo };
  const posts = await db.readRepeatable('read-notice-posts', (reads) => listArrivals(reads, [range], EVENTS));
  const isBehind = posts.length > POSTS_MAX || (posts[0] !== undefined && clock.nowMs() / 1000 - posts[0].date > BEHIND_S);
  return isBehind ? posts.slice(-1) : posts;
}

/** Decides who of these followers is told of which of the posts. */
async function tellPage(deps: DecideDeps, owners: readonly bigint[], posts: readonly MessageRow[]): Promise<Told> {
  const [first] = posts;
  if (owners.length === 0 || !first) return { notices: [], woken: [] };
  const nowDate = Math.floor(deps.clock.nowMs() / 1000);
  const facts = await listChatFacts(deps.db, owners.map((owner) => ({ owner, peer: first.peer_id, scope: scopeOf(first) })));
  const online = new Set(facts.flatMap(({ owner_id, online_date }) => (online_date > nowDate ? [owner_id] : [])));
  const told = facts.map((chat): [bigint, MessageRow[]] => [chat.owner_id, posts.filter((post) => isTold(post, chat.owner_id, chat, nowDate))]);
  return tellDevices(deps, new Map(told.filter(([, some]) => some.length > 0)), (userId) => online.has(userId));
}
