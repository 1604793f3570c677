import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { explainMembership } from '../explain-refusals.ts';
import { readChat } from '../params/chat-id.ts';
import type { Params } from '../params/params.ts';
import { personOf } from './met-people.ts';

/** A chat that a request names and the bot may use. */
export type BotChat =
  | { kind: 'private'; peer: tl.inputPeerUser; user: tl.inputUser; markedId: bigint }
  | { kind: 'group'; peer: tl.inputPeerChat; chat: tl.chat; chatId: bigint; markedId: bigint }
  | { kind: 'supergroup' | 'channel'; peer: tl.inputPeerChannel; chat: tl.channel; channel: tl.inputChannel; markedId: bigint };

/** A supergroup or channel that a request names. */
export type BotChannel = Extract<BotChat, { channel: tl.inputChannel }>;

/** Whether the chat is a supergroup or channel. */
export const isChannel = (chat: BotChat): chat is BotChannel => chat.kind === 'supergroup' || chat.kind === 'channel';

/**
 * The chat that `chat_id` names.
 * @param access `read`: also public channels that the bot is not in
 * @throws BotError 400 `chat not found`, `group chat was upgraded to a supergroup chat`; 403 where the bot is no member (any more)
 */
export async function accessChat(call: BotCall, params: Params<'chat_id'>, access: 'read' | 'write' = 'write'): Promise<BotChat> {
  const peer = await readChat(call, params, 'chat_id');
  switch (peer._) {
    case 'inputPeerUser':
      return { kind: 'private', peer, user: await personOf(call, { ...peer, _: 'inputUser' }), markedId: peer.user_id };
    case 'inputPeerChat':
      return accessGroup(call, peer);
    case 'inputPeerChannel':
      return accessChannel(call, peer, access);
  }
}

async function accessGroup(call: BotCall, peer: tl.inputPeerChat): Promise<BotChat> {
  const markedId = markPeer({ _: 'peerChat', chat_id: peer.chat_id });
  await checkMembership(call, markedId, false);
  const chat = await findShownChat(call, markedId);
  if (chat?._ !== 'chat') throw badRequest('chat not found');
  return { kind: 'group', peer, chat, chatId: peer.chat_id, markedId };
}

async function accessChannel(call: BotCall, { channel_id }: tl.inputPeerChannel, access: 'read' | 'write'): Promise<BotChat> {
  const markedId = markPeer({ _: 'peerChannel', channel_id });
  const chat = await findShownChat(call, markedId);
  // The server shows public groups to no bot that is not in them.
  const isOpen = chat?._ === 'channel' && chat.broadcast === true && access === 'read';
  if (!isOpen) await checkMembership(call, markedId, chat?._ === 'channel');
  if (chat?._ !== 'channel') throw badRequest('chat not found');
  const { access_hash = 0n } = chat;
  const kind = chat.broadcast === true ? 'channel' : 'supergroup';
  return { kind, peer: { _: 'inputPeerChannel', channel_id, access_hash }, chat, channel: { _: 'inputChannel', channel_id, access_hash }, markedId };
}

/** @throws BotError if the bot is not a member (any more) */
async function checkMembership(call: BotCall, markedId: bigint, isKnown: boolean): Promise<void> {
  const refusal = await explainMembership(call, markedId, isKnown);
  if (refusal !== undefined) throw refusal;
}

/** The group or channel as the bot sees it; undefined if there is none. No method of the MTProto API tells a bot anything of chats that it is not in any more. */
export async function findShownChat({ domain, botId }: BotCall, markedId: bigint): Promise<tl.Chat | undefined> {
  const [chat] = await domain.chats.projectChats(botId, [markedId]);
  return chat;
}
