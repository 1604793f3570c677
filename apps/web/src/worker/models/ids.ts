import type { tl } from '@mtcute/core';
import type { PeerId } from '../../protocol/index.ts';

/** Marked ids of channels begin below this number. @see https://core.telegram.org/api/bots/ids */
const CHANNEL_MARK = -1_000_000_000_000;

/** Marks a user id. The schema has them as numbers already. */
export const userPeer = (id: number): PeerId => id;

/** Marks the id of a basic group. */
export const groupPeer = (id: number): PeerId => -id;

/** Marks the id of a supergroup or channel; or returns the bare id of a marked one. */
export const channelPeer = (id: number): PeerId => CHANNEL_MARK - id;

/** Converts a `Peer` of the schema into a marked id. */
export function peerIdOf(peer: tl.TypePeer): PeerId {
  switch (peer._) {
    case 'peerUser':
      return userPeer(peer.userId);
    case 'peerChat':
      return groupPeer(peer.chatId);
    case 'peerChannel':
      return channelPeer(peer.channelId);
  }
}

/** Converts a marked id into a `Peer` of the schema. */
export function tlPeer(peer: PeerId): tl.TypePeer {
  if (peer > 0) return { _: 'peerUser', userId: peer };
  return isChannel(peer) ? { _: 'peerChannel', channelId: channelIdOf(peer) } : { _: 'peerChat', chatId: -peer };
}

/** Whether a peer is a supergroup or channel: these have message ids and a pts of their own. */
export const isChannel = (peer: PeerId): boolean => peer < CHANNEL_MARK;

/** The bare id of a supergroup or channel. */
export const channelIdOf = (peer: PeerId): number => CHANNEL_MARK - peer;

/** Names a peer out of what the server keeps of it, such as in a folder or a draft. Pure. @param self the account, if it may be named @returns undefined for what is kept nowhere */
export function peerOfInput(input: tl.TypeInputPeer, self?: PeerId): PeerId | undefined {
  switch (input._) {
    case 'inputPeerSelf':
      return self;
    case 'inputPeerUser':
      return userPeer(input.userId);
    case 'inputPeerChat':
      return groupPeer(input.chatId);
    case 'inputPeerChannel':
      return channelPeer(input.channelId);
    default:
      return undefined;
  }
}
