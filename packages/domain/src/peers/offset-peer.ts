import { markNamedPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

/**
 * The marked id of an `offset_peer`, the position after which a list of the viewer continues. No access hash is checked, because the id
 * gives access to nothing, and TDLib sends offset peers without one. Pure.
 * @returns undefined for an empty peer, and for ids that no peer can have
 */
export function markedOffsetPeer(viewerId: bigint, input: tl.InputPeer): bigint | undefined {
  switch (input._) {
    case 'inputPeerEmpty':
      return undefined;
    case 'inputPeerSelf':
      return viewerId;
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return markNamedPeer({ _: 'peerUser', user_id: input.user_id });
    case 'inputPeerChat':
      return markNamedPeer({ _: 'peerChat', chat_id: input.chat_id });
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return markNamedPeer({ _: 'peerChannel', channel_id: input.channel_id });
  }
}
