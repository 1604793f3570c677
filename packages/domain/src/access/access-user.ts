import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes, UserRow } from '../peers/index.ts';

export interface AccessUserDeps {
  accessHashes: AccessHashes;
  users: { findRow(userId: bigint): Promise<UserRow | undefined> };
  /**
   * Checks that the viewer has the message that an inputUserFromMessage refers to and that the message mentions the user. Apart from the
   * access hash, this is the only proof that the viewer has seen the user.
   */
  namesUser?(viewerId: bigint, peer: tl.InputPeer, msgId: number, userId: bigint): Promise<boolean>;
}

/** Resolves users in client requests to rows and checks the right to use them. */
export interface AccessUser {
  /**
   * Resolves an InputUser to its row. The access hash is checked before anything is read (rule P21).
   * @throws RpcError 400 USER_ID_INVALID (no such user, empty reference, wrong hash), MSG_ID_INVALID
   */
  accessInputUser(viewerId: bigint, input: tl.InputUser): Promise<UserRow>;
  /**
   * Resolves the user forms of an InputPeer to a row; undefined for chats and channels.
   * @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID
   */
  accessInputPeerUser(viewerId: bigint, input: tl.InputPeer): Promise<UserRow | undefined>;
}

/** Creates the access functions for the users of this data centre. */
export function createAccessUser(deps: AccessUserDeps): AccessUser {
  const accessRow = async (userId: bigint, error: 'USER_ID_INVALID' | 'PEER_ID_INVALID'): Promise<UserRow> => {
    const row = await deps.users.findRow(userId);
    if (!row) throw rpcError(error);
    return row;
  };

  const accessByHash = (
    viewerId: bigint,
    input: { user_id: bigint; access_hash: bigint },
    error: 'USER_ID_INVALID' | 'PEER_ID_INVALID',
  ): Promise<UserRow> => {
    // Clients also refer to their own user with hash 0; allowing that reveals nothing.
    const known = input.user_id === viewerId || deps.accessHashes.matches('user', viewerId, input.user_id, input.access_hash);
    if (!known) throw rpcError(error);
    return accessRow(input.user_id, error);
  };

  const accessFromMessage = async (
    viewerId: bigint,
    input: { peer: tl.InputPeer; msg_id: number; user_id: bigint },
    error: 'USER_ID_INVALID' | 'PEER_ID_INVALID',
  ): Promise<UserRow> => {
    const named = await deps.namesUser?.(viewerId, input.peer, input.msg_id, input.user_id);
    if (named !== true) throw rpcError('MSG_ID_INVALID');
    return accessRow(input.user_id, error);
  };

  return {
    async accessInputUser(viewerId, input) {
      switch (input._) {
        case 'inputUserSelf':
          return accessRow(viewerId, 'USER_ID_INVALID');
        case 'inputUser':
          return accessByHash(viewerId, input, 'USER_ID_INVALID');
        case 'inputUserFromMessage':
          return accessFromMessage(viewerId, input, 'USER_ID_INVALID');
        case 'inputUserEmpty':
          throw rpcError('USER_ID_INVALID');
      }
    },
    async accessInputPeerUser(viewerId, input) {
      switch (input._) {
        case 'inputPeerSelf':
          return accessRow(viewerId, 'PEER_ID_INVALID');
        case 'inputPeerUser':
          return accessByHash(viewerId, input, 'PEER_ID_INVALID');
        case 'inputPeerUserFromMessage':
          return accessFromMessage(viewerId, input, 'PEER_ID_INVALID');
        case 'inputPeerEmpty':
          throw rpcError('PEER_ID_INVALID');
        default:
          return undefined;
      }
    },
  };
}
