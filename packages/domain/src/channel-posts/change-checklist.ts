import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { type Acting, areOwn, type ChannelChange, findAuthor, findShownPosts, projectPost, topicOf } from '../channel-state/index.ts';
import { applyListChange, checkListChange, type ListChange } from '../checklists/index.ts';
import { withShown } from '../messages/index.ts';
import { checkTopicOf } from './find-place.ts';

/** A change of a checklist. */
export interface PostChecklist extends Acting {
  msgId: number;
  change: ListChange;
}

/**
 * Ticks and unticks tasks of a checklist, or adds tasks, and says so in its topic. A repeat changes nothing. In lists of others, anonymous admins do it in the name of the
 * group. In their own lists, people do it in the name in which they wrote the list: nobody learns by it who that was.
 * @throws RpcError as `checkListChange`, 400 TOPIC_CLOSED, 420 SLOWMODE_WAIT_%d (who adds), and the errors of the rights
 */
export async function changeChecklistOf(channel: ChannelChange, { actorId, msgId, change }: PostChecklist): Promise<tl.Update[]> {
  channel.check('send_plain');
  const post = (await findShownPosts(channel, { actorId }, [msgId])).get(msgId);
  const own = post !== undefined && (await areOwn(channel.tx, channel.sender(), [post])) ? post : undefined;
  const media = checkListChange(post, change, { isOwn: own !== undefined });
  if (post !== undefined) await checkTopicOf(channel, actorId, post);
  const authorId = await findAuthor(channel.tx, channel.sender(), own === undefined ? { kind: 'act' } : { kind: 'sequel', of: own });
  const made = applyListChange(media, change, { peer: unmarkPeer(authorId), nowDate: channel.date });
  if (post === undefined || made === undefined) return [];
  const row = withShown(post, made.media, channel.date);
  const pts = await channel.edit(row, post, false);
  await channel.say(made.action, { replyTo: msgId, topicId: topicOf(post), changes: own, isSlow: change.kind === 'append' });
  return [{ _: 'updateEditChannelMessage', message: projectPost(row, actorId), pts, pts_count: 1 }];
}
