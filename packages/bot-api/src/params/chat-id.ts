import { markPeer, type PeerLike, unmarkNamedPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { isRpcError } from '../rename-errors.ts';
import { type Params, readWhole } from './params.ts';

/** A chat as calls name it: a person, a basic group, or a channel or supergroup. */
export type ChatPeer = tl.inputPeerUser | tl.inputPeerChat | tl.inputPeerChannel;

/**
 * Reads the chat of a parameter: a number, `-100…` for channels and supergroups, or `@name` of one of these. Whether the bot may use the chat is checked by the call that gets it.
 * @throws BotError 400 `chat_id is empty`, `chat not found`; RpcError of `contacts.resolveUsername`
 */
export async function readChat<Name extends string>(call: Pick<BotCall, 'invoke'>, params: Params<Name>, name: Name): Promise<ChatPeer> {
  return findChat(call, params.text(name));
}

/** Finds the chat that a text names; see {@link readChat}. */
export async function findChat(call: Pick<BotCall, 'invoke'>, text: string): Promise<ChatPeer> {
  const id = text.trim();
  if (id === '') throw badRequest('chat_id is empty');
  if (id.startsWith('@')) return findNamedChat(call, id.slice(1));
  const peer = readMarkedId(id);
  if (peer === undefined) throw badRequest('chat not found');
  return inputPeerOf(peer);
}

/** The marked id of the chat that a text names; undefined if it names none, which is for the call that needs the chat to say. */
export async function findChatId(call: Pick<BotCall, 'invoke'>, text: string): Promise<bigint | undefined> {
  const chat = await findChat(call, text).catch(() => undefined);
  return chat && markPeer(peerOfChat(chat));
}

/** The chat as objects of TL name it. Pure. */
export function peerOfChat(chat: ChatPeer): tl.Peer {
  switch (chat._) {
    case 'inputPeerUser':
      return { _: 'peerUser', user_id: chat.user_id };
    case 'inputPeerChat':
      return { _: 'peerChat', chat_id: chat.chat_id };
    case 'inputPeerChannel':
      return { _: 'peerChannel', channel_id: chat.channel_id };
  }
}

/** An id as clients may write one. With a wrong chat a message would be read by others, so nothing may follow. */
const CHAT_ID = /^[+-]?\d{1,19}$/;

/** The peer of an id as the Bot API writes it; undefined for texts that can be none. */
function readMarkedId(text: string): PeerLike | undefined {
  return CHAT_ID.test(text) ? unmarkNamedPeer(BigInt(text)) : undefined;
}

/** A bot names users and chats that it knows without an access hash. */
function inputPeerOf(peer: PeerLike): ChatPeer {
  switch (peer._) {
    case 'peerUser':
      return { _: 'inputPeerUser', user_id: peer.user_id, access_hash: 0n };
    case 'peerChat':
      return { _: 'inputPeerChat', chat_id: peer.chat_id };
    case 'peerChannel':
      return { _: 'inputPeerChannel', channel_id: peer.channel_id, access_hash: 0n };
  }
}

async function findNamedChat({ invoke }: Pick<BotCall, 'invoke'>, username: string): Promise<tl.inputPeerChannel> {
  try {
    const { chats } = await invoke({ _: 'contacts.resolveUsername', username });
    for (const chat of chats) {
      if (chat._ === 'channel' || chat._ === 'channelForbidden') return { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash ?? 0n };
    }
  } catch (error) {
    // A name that nobody has.
    if (!isRpcError(error, 'USERNAME_NOT_OCCUPIED', 'USERNAME_INVALID')) throw error;
  }
  throw badRequest('chat not found');
}

/** The same chat in the methods of channels; undefined for people and basic groups. */
export function channelOf(chat: ChatPeer): tl.inputChannel | undefined {
  return chat._ === 'inputPeerChannel' ? { _: 'inputChannel', channel_id: chat.channel_id, access_hash: chat.access_hash } : undefined;
}

/**
 * Reads `user_id` or another parameter with the id of a user.
 * @throws BotError 400 `invalid user_id specified`
 */
export function readUser<Name extends string>(params: Params<Name>, name: Name): tl.inputUser {
  const id = readWhole(params.text(name));
  const peer = id === undefined ? undefined : unmarkNamedPeer(id);
  if (peer?._ !== 'peerUser') throw badRequest(`invalid ${name} specified`);
  return { _: 'inputUser', user_id: peer.user_id, access_hash: 0n };
}
