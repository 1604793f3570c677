import { isMarkedChannel, markPeer, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { Params } from '../params/params.ts';
import { renameErrors } from '../rename-errors.ts';
import { accessChat, findShownChat, isChannel } from './bot-chat.ts';

/** The parameters of banChatSenderChat and unbanChatSenderChat. */
export const SENDER_PARAMS = ['chat_id', 'sender_chat_id'] as const;

/**
 * Lets nobody write any more in a supergroup in the name of a channel, or allows it again.
 * @throws BotError 400
 */
export async function banSender(call: BotCall, params: Params<(typeof SENDER_PARAMS)[number]>, isBan: boolean): Promise<true> {
  const sender = readSender(params, 'sender_chat_id');
  const chat = await accessChat(call, params);
  if (!isChannel(chat)) throw badRequest('method is available for supergroup and channel chats only');
  const participant = await accessSender(call, sender);
  const banned_rights: tl.chatBannedRights = { _: 'chatBannedRights', view_messages: isBan || undefined, until_date: 0 };
  await renameErrors(call.invoke({ _: 'channels.editBanned', channel: chat.channel, participant, banned_rights }), {
    CHAT_ADMIN_REQUIRED: 'not enough rights to restrict/unrestrict chat member',
    CHANNEL_INVALID: 'PARTICIPANT_ID_INVALID',
    CHANNEL_PRIVATE: 'PARTICIPANT_ID_INVALID',
  });
  return true;
}

/** Reads the group or channel in whose name something was done. @throws BotError 400 `… is empty`, `… is not a valid Integer`, `PARTICIPANT_ID_INVALID` for what is no channel */
export function readSender<Name extends string>(params: Params<Name>, name: Name): tl.peerChannel {
  if (!params.has(name)) throw badRequest(`${name} is empty`);
  const id = params.int(name);
  if (id === 0) throw badRequest(`${name} is not a valid Integer`);
  const marked = BigInt(id);
  const peer = isMarkedChannel(marked) ? unmarkPeer(marked) : undefined;
  if (peer?._ !== 'peerChannel') throw badRequest('PARTICIPANT_ID_INVALID');
  return { _: 'peerChannel', channel_id: peer.channel_id };
}

/** The channel as calls name it. Bots know channels that they are in, and public ones: everybody knows these. */
export async function accessSender(call: BotCall, sender: tl.peerChannel): Promise<tl.inputPeerChannel> {
  const chat = await findShownChat(call, markPeer(sender));
  const access_hash = chat?._ === 'channel' ? (chat.access_hash ?? 0n) : 0n;
  return { _: 'inputPeerChannel', channel_id: sender.channel_id, access_hash };
}
