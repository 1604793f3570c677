import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { channelOf, type ChatPeer, peerOfChat } from '../params/chat-id.ts';
import type { FoundMessages } from './sent-messages.ts';

/** A message that exists. */
export type ExistingMessage = tl.message | tl.messageService;

/** Finds messages of a chat by their ids, as far as they exist and the bot sees them. */
export async function findMessages(call: BotCall, chat: ChatPeer, ids: readonly number[]): Promise<FoundMessages<ExistingMessage>> {
  const channel = channelOf(chat);
  const id = ids.map((one): tl.InputMessage => ({ _: 'inputMessageID', id: one }));
  const answer = await (channel === undefined ? call.invoke({ _: 'messages.getMessages', id }) : call.invoke({ _: 'channels.getMessages', channel, id }));
  if (answer._ === 'messages.messagesNotModified') return { messages: [], users: [], chats: [] };
  const { users, chats } = answer;
  const marked = markPeer(peerOfChat(chat));
  // People and basic groups share the ids of the bot's box.
  const messages = answer.messages.filter((message): message is ExistingMessage => message._ !== 'messageEmpty' && markPeer(message.peer_id) === marked);
  return { messages, users, chats };
}

/** Whether a message may be forwarded or copied as far as its chat and its author are concerned: its content is not protected. Pure. */
export function isCopyable({ messages: [message], chats }: FoundMessages<ExistingMessage>): boolean {
  if (message?._ !== 'message' || message.noforwards === true) return false;
  return !chats.some((chat) => (chat._ === 'chat' || chat._ === 'channel') && chat.noforwards === true && markOf(chat) === markPeer(message.peer_id));
}

function markOf(chat: tl.chat | tl.channel): bigint {
  return markPeer(chat._ === 'chat' ? { _: 'peerChat', chat_id: chat.id } : { _: 'peerChannel', channel_id: chat.id });
}
