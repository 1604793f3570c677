import type { tl } from '@aerogram/tl';

/**
 * The reply header of a message in a topic other than General, which has one even if the message is no reply: then the first message of the topic stands for the
 * topic. Pure.
 */
export function headerInTopic(header: tl.MessageReplyHeader | undefined, topicId: number): tl.MessageReplyHeader {
  if (header === undefined) return { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: topicId };
  return header._ === 'messageReplyHeader' ? { ...header, forum_topic: true, reply_to_top_id: topicId } : header;
}
