import type { NewJob } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { PostRow } from '../events/index.ts';
import { changeMessageFiles } from '../documents/index.ts';
import { showPage } from '../messages/index.ts';
import type { Preview, WebPages } from '../web-pages/index.ts';
import type { ChannelChange } from './channel-change.ts';
import { findPosts, updatePost } from './post-store.ts';

/** The job to order so that the page that a post waits for is fetched and put into the post. */
export function orderPostPage(webPages: Pick<WebPages, 'order'>, pending: NonNullable<Preview['pending']>, { peer_id: peerId, msg_id: msgId, poster_id: ownerId }: PostRow): NewJob {
  return webPages.order(pending, { ownerId, post: { peerId, msgId } });
}

/** Puts a fetched page into the post that waits for it, or removes the preview if there is nothing to show. A repeat changes nothing. */
export async function showPostPage(channel: ChannelChange, msgId: number, page: tl.webPage | tl.webPageEmpty): Promise<void> {
  const { channel_id } = channel.row;
  const post = (await findPosts(channel.tx.q, channel_id, [msgId])).get(msgId);
  const shown = post && showPage(post, page);
  if (shown === undefined) return;
  await updatePost(channel.tx, channel_id, shown);
  await changeMessageFiles(channel, [{ before: post!, after: shown }]);
  channel.discussed.note([shown]);
  channel.add(1, (pts) => ({ _: 'updateChannelWebPage', channel_id, webpage: page, pts, pts_count: 1 }));
}
