import type { tl } from '@aerogram/tl';

/** The message that a short update stands for. */
export function readShortMessage(short: tl.updateShortMessage | tl.updateShortChatMessage, self: number): tl.message {
  const peer_id: tl.Peer = short._ === 'updateShortMessage' ? { _: 'peerUser', user_id: short.user_id } : { _: 'peerChat', chat_id: short.chat_id };
  const author = short._ === 'updateShortChatMessage' ? short.from_id : short.out === true ? BigInt(self) : short.user_id;
  const { out, mentioned, media_unread, silent, id, message, date, fwd_from, via_bot_id, reply_to, entities, ttl_period } = short;
  return {
    _: 'message', out, mentioned, media_unread, silent, id, message, date, fwd_from, via_bot_id, reply_to, entities, ttl_period,
    peer_id, from_id: { _: 'peerUser', user_id: author },
  };
}

/** The message that a short answer to a send stands for: what it does not say, the request said. */
export function readShortSent(short: tl.updateShortSentMessage, request: tl.messages.sendMessage, self: number): tl.message {
  const { out, id, date, media, entities, ttl_period } = short;
  const { silent, invert_media } = request;
  return {
    _: 'message', out, id, date, media, entities, ttl_period, silent, invert_media,
    message: request.message,
    peer_id: peerOf(request.peer, self),
    from_id: { _: 'peerUser', user_id: BigInt(self) },
    reply_to: request.reply_to?._ === 'inputReplyToMessage' ? { _: 'messageReplyHeader', reply_to_msg_id: request.reply_to.reply_to_msg_id } : undefined,
  };
}

/** The peer that an input peer names. @throws for those that name none by an id */
export function peerOf(input: tl.InputPeer, self: number): tl.Peer {
  switch (input._) {
    case 'inputPeerSelf':
      return { _: 'peerUser', user_id: BigInt(self) };
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return { _: 'peerUser', user_id: input.user_id };
    case 'inputPeerChat':
      return { _: 'peerChat', chat_id: input.chat_id };
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return { _: 'peerChannel', channel_id: input.channel_id };
    default:
      throw new Error(`${input._} names no peer`);
  }
}
