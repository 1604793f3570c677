import { rpcError } from '@aerogram/errors';

import { hasFlag, MessageFlag } from '../events/index.ts';
import type { AnswerChange, Polls } from '../polls/index.ts';
import { actionsOfFile } from '../messages/index.ts';
import { type Acting, type ChannelChange, findAuthor, findShownPosts, topicOf } from '../channel-state/index.ts';
import { checkTopicOf } from './find-place.ts';

/** A change of the answers of a poll. */
export interface PostAnswers extends Acting {
  msgId: number;
  change: AnswerChange;
}

/**
 * Adds an answer to the poll of a message or deletes one, and says so in its topic. A repeat changes nothing.
 * @throws RpcError 400 MESSAGE_ID_INVALID, TOPIC_CLOSED, 420 SLOWMODE_WAIT_%d (who adds), the errors of the rights, and as `Polls.changeAnswersIn`
 */
export async function changeAnswersOf(channel: ChannelChange, polls: Pick<Polls, 'changeAnswersIn'>, { actorId, msgId, change }: PostAnswers): Promise<[]> {
  for (const action of ['send_plain' as const, ...(change.kind === 'add' ? actionsOfFile(change.media) : [])]) channel.check(action);
  const post = (await findShownPosts(channel, { actorId }, [msgId])).get(msgId);
  if (post === undefined || hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  await checkTopicOf(channel, actorId, post);
  const authorId = await findAuthor(channel.tx, channel.sender(), { kind: 'act' });
  const action = await polls.changeAnswersIn(channel.tx, post, { actorId, authorId, placeId: channel.peerId, change });
  if (action !== undefined) await channel.say(action, { replyTo: msgId, topicId: topicOf(post), isSlow: change.kind === 'add' });
  return [];
}
