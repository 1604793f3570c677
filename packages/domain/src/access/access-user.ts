import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { BotRows } from '../bot-rows/index.ts';
import type { AccessHashes, UserRow } from '../peers/index.ts';
import type { ResolvedUser } from './resolved-peer.ts';

/** What the access functions for users need. */
export interface AccessUserDeps {
  accessHashes: AccessHashes;
  users: { findRow(userId: bigint): Promise<UserRow | undefined>; peekRow(userId: bigint): UserRow | undefined };
  botRows: Pick<BotRows, 'mayWriteTo'>;
  namesPeer: NamesPeer;
}

/**
 * Checks that the viewer has the message to which an input peer refers and that the message mentions the peer, given by its marked id. Apart
 * from the access hash, this is the only proof that the viewer has seen the peer.
 */
export type NamesPeer = (viewerId: bigint, peer: tl.InputPeer, msgId: number, namedId: bigint) => Promise<boolean>;

/** Resolves users in client requests to rows and checks the right to use them. */
export interface AccessUser {
  /**
   * Resolves an InputUser to its row. The access hash is checked before anything is read (rule P21, access hashes).
   * @throws RpcError 400 USER_ID_INVALID (no such user, empty reference, wrong hash), MSG_ID_INVALID
   */
  accessInputUser(viewerId: bigint, input: tl.InputUser): Promise<UserRow>;
  /**
   * Resolves an InputPeer that must be a user, in methods that are about users alone.
   * @throws RpcError 400 PEER_ID_INVALID (also for basic groups and channels), MSG_ID_INVALID
   */
  accessUserPeer(viewerId: bigint, input: tl.InputPeer): Promise<ResolvedUser>;
  /**
   * Same as {@link AccessUser.accessUserPeer}, but synchronous and from the cache only. Never throws.
   * @returns undefined if the user is not cached, or the input is another kind or has a wrong access hash: then call `accessUserPeer`
   */
  knownUserPeer(viewerId: bigint, input: tl.InputPeer): ResolvedUser | undefined;
}

/** Creates the access functions for the users of this data centre. */
export function createAccessUser(deps: AccessUserDeps): AccessUser {
  const accessRow = async (userId: bigint, error: 'USER_ID_INVALID' | 'PEER_ID_INVALID'): Promise<UserRow> => {
    const row = await deps.users.findRow(userId);
    if (!row) throw rpcError(error);
    return row;
  };

  /** Bots need no access hash for people to whom they may write: a program may know nothing of them but the id. */
  const isKnownToBot = async (viewerId: bigint, userId: bigint): Promise<boolean> =>
    (await deps.users.findRow(viewerId))?.bot === true && deps.botRows.mayWriteTo(viewerId, userId);

  // Clients also refer to their own user with hash 0; allowing that reveals nothing.
  const isNamed = (viewerId: bigint, { user_id: userId, access_hash: hash }: { user_id: bigint; access_hash: bigint }): boolean =>
    userId === viewerId || deps.accessHashes.matches('user', viewerId, userId, hash);

  const accessByHash = async (
    viewerId: bigint,
    input: { user_id: bigint; access_hash: bigint },
    error: 'USER_ID_INVALID' | 'PEER_ID_INVALID',
  ): Promise<UserRow> => {
    if (!isNamed(viewerId, input) && !(input.access_hash === 0n && (await isKnownToBot(viewerId, input.user_id)))) throw rpcError(error);
    return accessRow(input.user_id, error);
  };

  const accessFromMessage = async (
    viewerId: bigint,
    input: { peer: tl.InputPeer; msg_id: number; user_id: bigint },
    error: 'USER_ID_INVALID' | 'PEER_ID_INVALID',
  ): Promise<UserRow> => {
    if (!(await deps.namesPeer(viewerId, input.peer, input.msg_id, input.user_id))) throw rpcError('MSG_ID_INVALID');
    return accessRow(input.user_id, error);
  };

  const accessPeerRow = async (viewerId: bigint, input: tl.InputPeer): Promise<UserRow> => {
    switch (input._) {
      case 'inputPeerSelf':
        return accessRow(viewerId, 'PEER_ID_INVALID');
      case 'inputPeerUser':
        return accessByHash(viewerId, input, 'PEER_ID_INVALID');
      case 'inputPeerUserFromMessage':
        return accessFromMessage(viewerId, input, 'PEER_ID_INVALID');
      default:
        throw rpcError('PEER_ID_INVALID');
    }
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
    async accessUserPeer(viewerId, input) {
      return resolved(viewerId, await accessPeerRow(viewerId, input));
    },
    knownUserPeer(viewerId, input) {
      if (input._ !== 'inputPeerUser' || !isNamed(viewerId, input)) return undefined;
      const row = deps.users.peekRow(input.user_id);
      return row && resolved(viewerId, row);
    },
  };
}

const resolved = (viewerId: bigint, row: UserRow): ResolvedUser => ({ kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: row.user_id === viewerId, row });
