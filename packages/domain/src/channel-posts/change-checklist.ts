import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { type Acting, areOwn, type ChannelChange, findAuthor, findShownPosts, projectPost, topicOf } from '../channel-state/index.ts';
import { applyListChange, checkListChange, type ListChange } from '../checklists/index.ts';
import { withShown } from '../messages/index.ts';

/** A change of a checklist. */
export interface PostChecklist extends Acting {
  msgId: number;
  change: ListChange;
}

/**
 * Ticks and unticks tasks of a checklist, or adds tasks, and says so in its topic. A repeat changes nothing. Admins do it in the name of the group if they are anonymous.
 * @throws RpcError as `checkListChange`, and the errors of the rights
 */
export async function changeChecklistOf(channel: ChannelChange, { actorId, msgId, change }: PostChecklist): Promise<tl.Update[]> {
  channel.check('send_plain');
  const post = (await findShownPosts(channel, { actorId }, [msgId])).get(msgId);
  const isOwn = post !== undefined && (await areOwn(channel.tx, channel.sender(), [post]));
  const media = checkListChange(post, change, { isOwn });
  const peer = unmarkPeer(await findAuthor(channel.tx, channel.sender(), { kind: 'act' }));
  const made = applyListChange(media, change, { peer, nowDate: channel.date });
  if (post === undefined || made === undefined) return [];
  const row = withShown(post, made.media, channel.date);
  const pts = await channel.edit(row, post, false);
  await channel.say(made.action, { replyTo: msgId, topicId: topicOf(post) });
  return [{ _: 'updateEditChannelMessage', message: projectPost(row, actorId), pts, pts_count: 1 }];
}
