import type { ResolvedChannel, ResolvedChat } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Somebody whose reactions an admin of a group takes back. */
export interface NamedReactor {
  group: ResolvedChat | ResolvedChannel;
  /** Marked id of the account or channel that is shown as the one who reacted. */
  shownId: bigint;
}

/**
 * Finds the group and the participant that a request names.
 * @throws RpcError 400 PEER_ID_INVALID for other chats, broadcast channels among them, and for a participant who can give no reactions, and as `accessInputPeer`
 */
export async function accessReactor(ctx: RpcContext, { peer, participant }: { peer: tl.InputPeer; participant: tl.InputPeer }): Promise<NamedReactor> {
  const { peers } = ctx.domain;
  const group = await peers.accessInputPeer(ctx.userId, peer);
  if (group.kind === 'user' || (group.kind === 'channel' && group.row.kind === 'broadcast')) throw rpcError('PEER_ID_INVALID');
  const reactor = await peers.accessInputPeer(ctx.userId, participant);
  if (reactor.kind === 'chat') throw rpcError('PEER_ID_INVALID');
  return { group, shownId: reactor.peerId };
}
