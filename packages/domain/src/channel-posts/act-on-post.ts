import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type Acting, areOwn, type ChannelChange, findAuthor, findShownPosts, projectPost, topicOf } from '../channel-state/index.ts';
import { type ActDeps, actKindOf, type ContentAct, withShown } from '../messages/index.ts';
import { checkTopicOf } from './find-place.ts';

/** An act on the content of a message. */
export interface PostAct extends Acting {
  msgId: number;
  act: ContentAct;
}

/**
 * Acts on the content of a message, and says so in its topic. A repeat changes nothing. Anonymous admins do it in the name of the group. On their own checklists, people act in the name in
 * which they wrote them: nobody learns by it who that was.
 * @returns the update of the message, if it shows something new
 * @throws RpcError 400 MESSAGE_ID_INVALID, TOPIC_CLOSED, 420 SLOWMODE_WAIT_%d (who adds something), the errors of the rights, and as `Polls.changeAnswersIn` and `checkListChange`
 */
export async function actOnPost(channel: ChannelChange, deps: ActDeps, { actorId, msgId, act }: PostAct): Promise<tl.Update[]> {
  const kind = actKindOf(act);
  for (const action of ['send_plain' as const, ...kind.rights(act.change)]) channel.check(action);
  const post = (await findShownPosts(channel, { actorId }, [msgId])).get(msgId);
  if (post === undefined) throw rpcError('MESSAGE_ID_INVALID');
  const isOwn = await areOwn(channel.tx, channel.sender(), [post]);
  kind.check(post, act.change, { isOwn });
  await checkTopicOf(channel, actorId, post);
  const named = kind.keepsName && isOwn ? post : undefined;
  const authorId = await findAuthor(channel.tx, channel.sender(), named === undefined ? { kind: 'act' } : { kind: 'sequel', of: named });
  const done = await kind.do(channel.tx, deps, { message: post, change: act.change, actor: { actorId, authorId, isOwn, placeId: channel.peerId, nowDate: channel.date } });
  if (done === undefined) return [];
  const row = done.media && withShown(post, done.media, channel.date);
  const pts = row && (await channel.edit(row, post, false));
  await channel.say(done.action, { replyTo: msgId, topicId: topicOf(post), changes: named, isSlow: kind.isSlow(act.change) });
  return row === undefined ? [] : [{ _: 'updateEditChannelMessage', message: projectPost(row, actorId), pts: pts!, pts_count: 1 }];
}
