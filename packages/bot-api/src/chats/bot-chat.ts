import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest, BotError } from '../bot-error.ts';
import { chatIdOf } from '../objects/index.ts';
import { readChat } from '../params/chat-id.ts';
import type { Params } from '../params/params.ts';

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
      return { kind: 'private', peer, user: { ...peer, _: 'inputUser' }, markedId: peer.user_id };
    case 'inputPeerChat':
      return accessGroup(call, peer);
    case 'inputPeerChannel':
      return accessChannel(call, peer, access);
  }
}

async function accessGroup(call: BotCall, peer: tl.inputPeerChat): Promise<BotChat> {
  const named: tl.peerChat = { _: 'peerChat', chat_id: peer.chat_id };
  const markedId = markPeer(named);
  const chat = await findChat(call, markedId);
  if (chat?._ === 'chatForbidden') throw (await isDeleted(call, markedId)) ? groupDeleted() : new BotError(403, 'Forbidden: bot was kicked from the group chat');
  if (chat?._ !== 'chat') throw badRequest('chat not found');
  if (chat.left === true) throw new BotError(403, 'Forbidden: bot is not a member of the group chat');
  if (chat.migrated_to?._ === 'inputChannel') {
    const migrate_to_chat_id = chatIdOf({ _: 'peerChannel', channel_id: chat.migrated_to.channel_id });
    throw new BotError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id });
  }
  if (chat.deactivated === true) throw groupDeleted();
  return { kind: 'group', peer, chat, chatId: peer.chat_id, markedId };
}

const groupDeleted = (): BotError => new BotError(403, 'Forbidden: the group chat was deleted');

/** Whether a basic group was deleted with all its members. */
async function isDeleted({ domain }: BotCall, markedId: bigint): Promise<boolean> {
  const row = await domain.chats.findRow(markedId);
  return row !== undefined && 'deactivated' in row && row.deactivated;
}

async function accessChannel(call: BotCall, { channel_id }: tl.inputPeerChannel, access: 'read' | 'write'): Promise<BotChat> {
  const markedId = markPeer({ _: 'peerChannel', channel_id });
  const chat = await findChat(call, markedId);
  if (chat?._ === 'channelForbidden') throw await refusal(call, chat, markedId);
  if (chat?._ !== 'channel') throw badRequest('chat not found');
  const kind = kindOfChannel(chat);
  // The server shows public groups to no bot that is not in them.
  if (chat.left === true && (access === 'write' || kind === 'supergroup')) throw notMember(kind);
  const { access_hash = 0n } = chat;
  return { kind, peer: { _: 'inputPeerChannel', channel_id, access_hash }, chat, channel: { _: 'inputChannel', channel_id, access_hash }, markedId };
}

const kindOfChannel = ({ broadcast }: tl.channel | tl.channelForbidden): 'channel' | 'supergroup' => (broadcast === true ? 'channel' : 'supergroup');

const notMember = (kind: BotChannel['kind']): BotError => new BotError(403, `Forbidden: bot is not a member of the ${kind} chat`);

/** Why the bot does not see a channel. It learns nothing of those that it was never in. */
async function refusal({ domain, botId }: BotCall, chat: tl.channelForbidden, markedId: bigint): Promise<BotError> {
  const member = await domain.chats.findMember(markedId, botId);
  if (member === undefined) return badRequest('chat not found');
  const kind = kindOfChannel(chat);
  return member.status === 'banned' ? new BotError(403, `Forbidden: bot was kicked from the ${kind} chat`) : notMember(kind);
}

/** The chat as the bot sees it. No method of the MTProto API tells a bot anything of chats that it is not in any more. */
async function findChat({ domain, botId }: BotCall, markedId: bigint): Promise<tl.Chat | undefined> {
  const [chat] = await domain.chats.projectChats(botId, [markedId]);
  return chat;
}
