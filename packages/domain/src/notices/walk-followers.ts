import { listPushDevices, type PushDeviceRow, TokenType } from '../auth/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { listArrivals } from '../search/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { askReach } from './ask-devices.ts';
import { isWorthNotice, noticeDelayMs } from './decide-notice.ts';
import { type ChannelWalk, findWalk, listFollowers, moveWalk } from './follower-store.ts';
import { insertDeviceNotices, listChatFacts, type NewNotice, type NoticeRange } from './notice-store.ts';
import { noticeOfAction } from './notice-kinds.ts';

/** Followers who are told in one transaction. */
const PAGE = 500;
/** If more posts wait, or the oldest of them is older, in seconds, only the newest is told. */
const [POSTS_MAX, BEHIND_S] = [20, 60];

const BELOW_ALL = 0n;

/** What was decided for a channel. */
export interface Walked {
  dueMs: number | undefined;
  woken: PushDeviceRow[];
}

/**
 * Tells the followers of a supergroup or channel who have devices of its new posts, in pages. How far that went is stored with each page, so that it goes on there after a crash.
 * Nothing of this is done while a post is made.
 */
export async function walkFollowers(deps: DecideDeps, { owner_id: channelId, box_pts }: NoticeRange): Promise<Walked> {
  const { db, nowMs } = deps;
  const walked: Walked = { dueMs: undefined, woken: [] };
  const found = await findWalk(db, channelId);
  if (!found) return walked;
  let walk: ChannelWalk = found;
  const to = walk.walk_to ?? box_pts;
  const posts = await findNews(deps, channelId, walk.pushed_pts, to);
  for (;;) {
    const owners = posts.length === 0 ? [] : await listFollowers(db, channelId, walk.walk_after ?? BELOW_ALL, PAGE);
    const isLast = owners.length < PAGE;
    const { notices, woken } = await decidePage(deps, owners, posts);
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
    for (const { due_ms } of notices) walked.dueMs = Math.min(walked.dueMs ?? nowMs() + 86_400_000, Number(due_ms));
    if (isLast) return walked;
    walk = next;
  }
}

/** The posts that are told: those that came last, unless very many wait. */
async function findNews({ db, nowMs }: DecideDeps, channelId: bigint, after: number, upTo: number): Promise<MessageRow[]> {
  const posts = await db.readRepeatable('read-notice-posts', (reads) => listArrivals(reads, [{ owner: channelId, after, upTo }], POSTS_MAX + 1));
  const nowDate = nowMs() / 1000;
  const isBehind = posts.length > POSTS_MAX || (posts[0] !== undefined && nowDate - posts[0].date > BEHIND_S);
  return isBehind ? posts.slice(-1) : posts;
}

async function decidePage({ db, nowMs, questions }: DecideDeps, owners: readonly bigint[], posts: readonly MessageRow[]): Promise<{ notices: NewNotice[]; woken: PushDeviceRow[] }> {
  const first = posts[0];
  if (owners.length === 0 || !first) return { notices: [], woken: [] };
  const scope = hasFlag(first, MessageFlag.post) ? 'broadcasts' : 'chats';
  const [devices, facts] = await Promise.all([listPushDevices(db, owners), listChatFacts(db, owners.map((owner) => ({ owner, peer: first.peer_id, scope })))]);
  const nowDate = Math.floor(nowMs() / 1000);
  const factsOf = new Map(facts.map((row) => [row.owner_id, row]));
  const told = new Map(owners.map((owner) => [owner, posts.filter((post) => isWorth(post, owner, factsOf.get(owner), nowDate))]));
  const wanted = devices.filter(({ user_id }) => (told.get(user_id)?.length ?? 0) > 0);
  const reach = await askReach(questions, wanted);
  const notices: NewNotice[] = [];
  const woken: PushDeviceRow[] = [];
  for (const device of wanted) {
    const isUsedElsewhere = (factsOf.get(device.user_id)?.online_date ?? 0) > nowDate;
    const delayMs = noticeDelayMs({ reach: reach.get(device.auth_key_id) ?? 'away', isUsedElsewhere });
    if (delayMs === undefined) continue;
    if (device.token_type === TokenType.session) woken.push(device);
    else {
      for (const { peer_id, msg_id, pts, date } of told.get(device.user_id)!) {
        notices.push({ owner_id: device.user_id, auth_key_id: device.auth_key_id, token_type: device.token_type, peer_id, msg_id, pts, date, due_ms: BigInt(Math.ceil(nowMs() + delayMs)) });
      }
    }
  }
  return { notices, woken };
}

function isWorth(post: MessageRow, owner: bigint, facts: { read_max_id: number; mute_until: number } | undefined, nowDate: number): boolean {
  const { action, mentioned } = unpackMessageExtra(post.extra);
  return isWorthNotice(
    { isOwn: post.from_id === owner, isReminder: false, isQuiet: action !== undefined && noticeOfAction(action, owner) === undefined, date: post.date, isMention: mentioned?.includes(owner) === true },
    { isRead: facts === undefined || post.msg_id <= facts.read_max_id, isMuted: facts !== undefined && facts.mute_until > nowDate },
    nowDate,
  );
}
