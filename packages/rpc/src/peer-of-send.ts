import type { tl } from '@aerogram/tl';

/** Returns a string that is equal for sends to the same peer, which are done in order (rule P23, send order); undefined for requests that do not send to a peer. */
export function peerOfSend(request: tl.AnyMethod): string | undefined {
  const target = 'to_peer' in request ? request.to_peer : 'peer' in request ? request.peer : undefined;
  return typeof target === 'object' && target !== null && '_' in target ? peerKey(target) : undefined;
}

function peerKey(peer: { readonly _: string }): string {
  const named = peer as tl.InputPeer | tl.inputEncryptedChat;
  switch (named._) {
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return `user${named.user_id}`;
    case 'inputEncryptedChat':
      return `secret${named.chat_id}`;
    case 'inputPeerChat':
      return `chat${named.chat_id}`;
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return `channel${named.channel_id}`;
    default:
      return named._;
  }
}
