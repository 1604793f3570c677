import { type AccessChat, type AccessChatDeps, createAccessChat } from './access-chat.ts';
import { type AccessUser, type AccessUserDeps, createAccessUser } from './access-user.ts';
import type { AccessInputPeer } from './resolved-peer.ts';

/** Resolves the peers in client requests and checks the right to use them. */
export interface AccessPeers extends AccessUser, AccessChat {
  /**
   * Resolves an InputPeer of any kind.
   * @throws RpcError 400 PEER_ID_INVALID, CHAT_ID_INVALID or CHANNEL_INVALID for a peer that does not exist or may not be used, CHANNEL_PRIVATE
   * for a channel that the caller has no access to, MSG_ID_INVALID for a message that does not mention the peer, 403 CHAT_WRITE_FORBIDDEN for a basic
   * group that the caller is in no more
   */
  accessInputPeer: AccessInputPeer;
  /** Same as {@link AccessPeers.accessInputPeer}, but also for former members of a basic group; see {@link AccessChat.accessChatOrFormer}. */
  accessInputPeerOrFormer: AccessInputPeer;
  /** Same as {@link AccessPeers.accessInputPeer}, but also for those who may only read the comments in a discussion group; see {@link AccessChat.accessInputChannelOrCommented}. */
  accessInputPeerOrCommented: AccessInputPeer;
}

/** Creates the access functions for all kinds of peers. */
export function createAccessPeers(deps: AccessUserDeps & AccessChatDeps): AccessPeers {
  const accessUser = createAccessUser(deps);
  const accessChat = createAccessChat(deps);
  const accessWith = (accessGroup: AccessChat['accessChat'], accessChannel: AccessChat['accessInputChannel']): AccessInputPeer => async (viewerId, input) => {
    switch (input._) {
      case 'inputPeerChat':
        return accessGroup(viewerId, input.chat_id);
      case 'inputPeerChannel':
      case 'inputPeerChannelFromMessage':
        return accessChannel(viewerId, input);
      default:
        return accessUser.accessUserPeer(viewerId, input);
    }
  };
  return {
    ...accessUser,
    ...accessChat,
    accessInputPeer: accessWith(accessChat.accessChat, accessChat.accessInputChannel),
    accessInputPeerOrFormer: accessWith(accessChat.accessChatOrFormer, accessChat.accessInputChannel),
    accessInputPeerOrCommented: accessWith(accessChat.accessChat, accessChat.accessInputChannelOrCommented),
  };
}
