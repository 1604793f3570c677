import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { UserRow } from '../peers/index.ts';
import type { AccessUser } from './access-user.ts';

/** A peer that the caller may use. */
export interface ResolvedPeer {
  kind: 'user';
  userId: bigint;
  /** The marked id, as it stands in columns; of a user the id itself. */
  peerId: bigint;
  /** The caller's own Saved Messages. */
  isSelf: boolean;
  row: UserRow;
}

/** Turns a client's InputPeer into a peer and checks the right to use it. */
export type AccessInputPeer = (viewerId: bigint, input: tl.InputPeer) => Promise<ResolvedPeer>;

/**
 * Makes `accessInputPeer` over the access function of users.
 * It throws 400 PEER_ID_INVALID for what does not exist or may not be used, CHAT_ID_INVALID and CHANNEL_INVALID likewise,
 * MSG_ID_INVALID for a message that does not name the user.
 */
export function createAccessInputPeer(accessUser: AccessUser): AccessInputPeer {
  return async (viewerId, input) => {
    const row = await accessUser.accessInputPeerUser(viewerId, input);
    if (row === undefined) throw rpcError(input._ === 'inputPeerChat' ? 'CHAT_ID_INVALID' : 'CHANNEL_INVALID');
    return { kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: row.user_id === viewerId, row };
  };
}

/** The peer of an InputDialogPeer; folders and communities are not peers: PEER_ID_INVALID. */
export async function accessDialogPeer(access: AccessInputPeer, viewerId: bigint, input: tl.InputDialogPeer): Promise<ResolvedPeer> {
  if (input._ !== 'inputDialogPeer') throw rpcError('PEER_ID_INVALID');
  return access(viewerId, input.peer);
}
