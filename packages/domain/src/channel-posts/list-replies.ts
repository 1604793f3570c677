import { isSeen } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { countSpanPosts, GENERAL_TOPIC_ID, listGeneralPosts, listPosts, type PostWindow } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';
import { accessThread } from './access-thread.ts';

/** A page of a thread or topic, and how many messages it has. */
export interface ReplyPage {
  rows: readonly PostRow[];
  count: number;
}

/**
 * Reads a page of the messages of a thread or topic, newest first, and counts all that exist. General of a forum also has what was written while it was none.
 * Throws as {@link accessThread}.
 * @param msgId the message that started the thread, or one that belongs to it
 */
export async function listReplies(deps: PostReadDeps, viewer: ChannelViewer, msgId: number, window: PostWindow): Promise<ReplyPage> {
  const { db } = deps;
  const { channelId } = viewer;
  const { root, view, sight, inForum } = await accessThread(deps, viewer, msgId);
  const seen = { ...window, minId: Math.max(window.minId, sight.hidden) };
  if (inForum && root.msg_id === GENERAL_TOPIC_ID) {
    const [older, rows] = await Promise.all([countSpanPosts(db, channelId), listGeneralPosts(db, channelId, seen)]);
    return { rows: rows.filter((post) => isSeen(sight, post)), count: older + (view?.count ?? 0) };
  }
  if (view === undefined) return { rows: [], count: 0 };
  const rows = await listPosts(db.q, channelId, { ...seen, topId: root.msg_id });
  return { rows: rows.filter((post) => isSeen(sight, post)), count: view.count };
}
