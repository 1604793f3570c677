import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

/**
 * The marked peer of an `offset_peer`: the place in a list of the viewer's own behind which it goes on. Nothing is accessed
 * by it, and TDLib names it without its access_hash. Pure.
 * @returns undefined where none is named
 */
export function placeOfPeer(viewerId: bigint, input: tl.InputPeer): bigint | undefined {
  switch (input._) {
    case 'inputPeerEmpty':
      return undefined;
    case 'inputPeerSelf':
      return viewerId;
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return input.user_id;
    case 'inputPeerChat':
      return markPeer({ _: 'peerChat', chat_id: input.chat_id });
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return markPeer({ _: 'peerChannel', channel_id: input.channel_id });
  }
}
