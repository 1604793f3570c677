import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes, UserRow } from '../peers/index.ts';

export interface AccessUserDeps {
  accessHashes: AccessHashes;
  users: { findRow(userId: bigint): Promise<UserRow | undefined> };
  /**
   * The message that an inputUserFromMessage points at, if the viewer has it there and it names the user:
   * the only other proof that the viewer met them.
   */
  namesUser?(viewerId: bigint, peer: tl.InputPeer, msgId: number, userId: bigint): Promise<boolean>;
}

/** Turns client-supplied references to users into rows, checking the right to use them. */
export interface AccessUser {
  /**
   * An InputUser → its row. The access hash is checked before anything is read (rule P21).
   * @throws RpcError 400 USER_ID_INVALID (no such user, empty reference, foreign hash), MSG_ID_INVALID
   */
  accessInputUser(viewerId: bigint, input: tl.InputUser): Promise<UserRow>;
  /**
   * The user forms of an InputPeer → its row; undefined for chats and channels.
   * @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID
   */
  accessInputPeerUser(viewerId: bigint, input: tl.InputPeer): Promise<UserRow | undefined>;
}

/** Makes the access functions over the users of this DC. */
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
    // Clients name themselves with hash 0 as well; there is nothing to guess.
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
