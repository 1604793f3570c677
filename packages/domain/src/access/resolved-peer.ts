import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { UserRow } from '../peers/index.ts';
import type { AccessUser } from './access-user.ts';

/** A peer that the caller may use. */
export interface ResolvedPeer {
  kind: 'user';
  userId: bigint;
  /** The marked id as stored in columns; for a user, the same as `userId`. */
  peerId: bigint;
  /** Whether the peer is the caller, so that the dialog is Saved Messages. */
  isSelf: boolean;
  row: UserRow;
}

/** Resolves a client's InputPeer and checks the right to use it. */
export type AccessInputPeer = (viewerId: bigint, input: tl.InputPeer) => Promise<ResolvedPeer>;

/**
 * Creates `accessInputPeer` from the access functions for users. It throws 400 PEER_ID_INVALID, CHAT_ID_INVALID or CHANNEL_INVALID for a
 * peer that does not exist or may not be used, and MSG_ID_INVALID for a message that does not mention the user.
 */
export function createAccessInputPeer(accessUser: AccessUser): AccessInputPeer {
  return async (viewerId, input) => {
    const row = await accessUser.accessInputPeerUser(viewerId, input);
    if (row === undefined) throw rpcError(input._ === 'inputPeerChat' ? 'CHAT_ID_INVALID' : 'CHANNEL_INVALID');
    return { kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: row.user_id === viewerId, row };
  };
}

/**
 * Resolves the peer of an InputDialogPeer.
 * @throws RpcError 400 PEER_ID_INVALID for folders and communities, which are not peers, and the errors of `access`
 */
export async function accessDialogPeer(access: AccessInputPeer, viewerId: bigint, input: tl.InputDialogPeer): Promise<ResolvedPeer> {
  if (input._ !== 'inputDialogPeer') throw rpcError('PEER_ID_INVALID');
  return access(viewerId, input.peer);
}
