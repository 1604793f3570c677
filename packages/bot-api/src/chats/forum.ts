import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { findMessageId } from '../params/message-ids.ts';
import type { Params } from '../params/params.ts';
import { type ErrorTexts, renameErrors } from '../rename-errors.ts';
import { accessChat, type BotChannel } from './bot-chat.ts';

/** The topic that every forum has. */
export const GENERAL_TOPIC_ID = 1;

const TITLE_ERRORS = { CHAT_TITLE_EMPTY: 'title must be non-empty' } as const satisfies ErrorTexts;

/** What creating a topic answers. */
export const CREATE_TOPIC_ERRORS = { ...TITLE_ERRORS, CHAT_ADMIN_REQUIRED: 'not enough rights to create a topic' } as const satisfies ErrorTexts;

/** The answer to a change of a topic's title. */
const EDIT_TOPIC_ERRORS = { ...TITLE_ERRORS, CHAT_ADMIN_REQUIRED: 'not enough rights to edit the topic' } as const satisfies ErrorTexts;

/** What closing, opening, hiding and showing a topic answers. */
const CLOSE_TOPIC_ERRORS = { CHAT_ADMIN_REQUIRED: 'not enough rights to close or open the topic' } as const satisfies ErrorTexts;

/** What deleting a topic answers. */
export const DELETE_TOPIC_ERRORS = {
  CHAT_ADMIN_REQUIRED: 'not enough rights to delete the topic',
  MESSAGE_DELETE_FORBIDDEN: 'not enough rights to delete the topic',
} as const satisfies ErrorTexts;

/** The forum that `chat_id` names. @throws BotError 400 `the chat is not a forum`, and as `accessChat` */
export async function accessForum(call: BotCall, params: Params<'chat_id'>): Promise<BotChannel> {
  const chat = await accessChat(call, params);
  if (chat.kind !== 'supergroup' || chat.chat.forum !== true) throw badRequest('the chat is not a forum');
  return chat;
}

/** A topic that a request names. */
export interface NamedTopic {
  forum: BotChannel;
  topicId: number;
}

/** The topic that a request names. Whether it exists is checked by the call that gets it. @throws BotError 400 `invalid message thread identifier specified`, and as {@link accessForum} */
export async function accessTopic(call: BotCall, params: Params<'chat_id' | 'message_thread_id'>): Promise<NamedTopic> {
  const forum = await accessForum(call, params);
  const topicId = findMessageId(params, 'message_thread_id');
  if (topicId === 0) throw badRequest('invalid message thread identifier specified');
  return { forum, topicId };
}

/** The topic General of the forum that a request names. @throws BotError as {@link accessForum} */
export async function accessGeneral(call: BotCall, params: Params<'chat_id'>): Promise<NamedTopic> {
  return { forum: await accessForum(call, params), topicId: GENERAL_TOPIC_ID };
}

/** A change of a topic as the TL request names it. */
type TopicChange = Pick<tl.messages.editForumTopic, 'title' | 'icon_emoji_id' | 'closed' | 'hidden'>;

/** Changes a topic. @throws BotError, RpcError */
export async function changeTopic(call: BotCall, { forum, topicId }: NamedTopic, change: TopicChange): Promise<true> {
  const isLook = change.closed === undefined && change.hidden === undefined;
  await renameErrors(call.invoke({ _: 'messages.editForumTopic', peer: forum.peer, topic_id: topicId, ...change }), isLook ? EDIT_TOPIC_ERRORS : CLOSE_TOPIC_ERRORS);
  return true;
}
