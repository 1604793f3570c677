import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { chatIdOf } from './chat-object.ts';
import { ifText, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import { projectMedia, type MediaScope } from './media-object.ts';

/** The MessageOrigin object: who wrote a message first, and when. */
export function projectOrigin(header: tl.MessageFwdHeader, peers: KnownPeers): JsonObject {
  const { from_id: author, from_name, channel_post, date } = header;
  const author_signature = ifText(header.post_author);
  if (author === undefined) return { type: 'hidden_user', date, sender_user_name: from_name ?? '' };
  if (author._ === 'peerUser') return { type: 'user', date, sender_user: peers.user(author.user_id) };
  if (channel_post === undefined) return { type: 'chat', date, sender_chat: peers.chat(author), author_signature };
  return { type: 'channel', date, chat: peers.chat(author), message_id: channel_post, author_signature };
}

/** The fields of a forwarded message: `forward_origin`, and the older ones that say the same. */
export function projectForward(header: tl.MessageFwdHeader | undefined, peers: KnownPeers): JsonObject {
  if (header === undefined) return {};
  const { from_id: author, from_name, channel_post, post_author, date } = header;
  const isUser = author?._ === 'peerUser';
  return {
    forward_origin: projectOrigin(header, peers),
    forward_from: isUser ? peers.user(author.user_id) : undefined,
    forward_from_chat: author !== undefined && !isUser ? peers.chat(author) : undefined,
    forward_from_message_id: author !== undefined && !isUser ? channel_post : undefined,
    forward_signature: author !== undefined && !isUser ? ifText(post_author) : undefined,
    forward_sender_name: author === undefined ? (from_name ?? '') : undefined,
    forward_date: date,
  };
}

/** Whether a message of a group was forwarded there automatically from the linked channel. Other forwards do not say where they were taken from. A post may itself be a forward, so its author may be another. */
export function isAutomaticForward({ from_id: author, fwd_from: header }: tl.message): boolean {
  const from = header?.saved_from_peer;
  return author?._ === 'peerChannel' && from !== undefined && header?.saved_from_msg_id !== undefined && markPeer(from) === markPeer(author);
}

/** The ExternalReplyInfo object: what is known of a message of another chat that is replied to. */
export function projectExternalReply(header: tl.messageReplyHeader, scope: MediaScope): JsonObject | undefined {
  const { reply_from: origin, reply_to_peer_id: peer, reply_to_msg_id, reply_media } = header;
  if (origin === undefined) return undefined;
  const place = peer?._ === 'peerChannel' ? { chat: scope.peers.chat(peer), message_id: reply_to_msg_id } : {};
  return { origin: projectOrigin(origin, scope.peers), ...place, ...projectMedia(scope, reply_media) };
}

/** Whether a reply is one to a message of another chat. */
export function isExternal({ reply_from: origin, reply_to_peer_id: peer }: tl.messageReplyHeader, chat: tl.Peer): boolean {
  return origin !== undefined || (peer !== undefined && chatIdOf(peer) !== chatIdOf(chat));
}
