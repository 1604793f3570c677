import { rpcError } from '@aerogram/errors';

import { definePort } from '../shared/index.ts';
import { type AccessChat, type AccessChatDeps, createAccessChat } from './access-chat.ts';
import { type AccessUser, type AccessUserDeps, createAccessUser, type NamesPeer } from './access-user.ts';
import type { AccessInputPeer, ResolvedPeer } from './resolved-peer.ts';

/** A message that a client names to prove that it has seen a peer there. */
export interface NamingMessage extends Pick<ResolvedPeer, 'kind' | 'peerId'> {
  viewerId: bigint;
  msgId: number;
  /** Marked id of the peer that the message must mention. */
  namedId: bigint;
}

/** Whether a message of a chat that the viewer may use mentions a peer. Only those who read messages know. */
export const NAMES_PEER = definePort<(naming: NamingMessage) => Promise<boolean>>('access.namesPeer');

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

/** Creates the access functions for all kinds of peers. @param given.namesPeer see {@link NAMES_PEER} */
export function createAccessPeers(given: Omit<AccessUserDeps & AccessChatDeps, 'namesPeer'> & { namesPeer(naming: NamingMessage): Promise<boolean> }): AccessPeers {
  const namesPeer: NamesPeer = async (viewerId, peer, msgId, namedId) => {
    // No client nests these, and each level would cost a query.
    if (peer._.endsWith('FromMessage')) throw rpcError('PEER_ID_INVALID');
    const { kind, peerId } = await access.accessInputPeerOrFormer(viewerId, peer);
    return given.namesPeer({ viewerId, kind, peerId, msgId, namedId });
  };
  const accessUser = createAccessUser({ ...given, namesPeer });
  const accessChat = createAccessChat({ ...given, namesPeer });
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
  const access: AccessPeers = {
    ...accessUser,
    ...accessChat,
    accessInputPeer: accessWith(accessChat.accessChat, accessChat.accessInputChannel),
    accessInputPeerOrFormer: accessWith(accessChat.accessChatOrFormer, accessChat.accessInputChannel),
    accessInputPeerOrCommented: accessWith(accessChat.accessChat, accessChat.accessInputChannelOrCommented),
  };
  return access;
}
