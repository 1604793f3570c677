import { refuseChannelsYet } from '@aerogram/domain';
import type { MatchQuery } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSavedPeer } from './access-saved-peer.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';

/** Returns a search for all messages of one kind in one dialog. */
export async function accessSurvey(
  ctx: RpcContext,
  req: { peer: tl.InputPeer; saved_peer_id?: tl.InputPeer | undefined; filter: tl.MessagesFilter },
): Promise<MatchQuery> {
  const { peers } = ctx.domain;
  const { peerId } = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
  const savedPeerId = req.saved_peer_id && (await accessSavedPeer(ctx, req.saved_peer_id));
  return { text: '', peerId, savedPeerId, kinds: kindsOfFilter(req.filter), minDate: 0, maxDate: 0, minId: 0, maxId: 0 };
}
