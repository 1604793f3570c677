import type { MatchQuery } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessSavedPeer } from './access-saved-peer.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';
import { accessSearchPlace, minIdIn, type SearchPlace } from './search-place.ts';

/** Returns where and how to search for all messages of one kind in one dialog. */
export async function accessSurvey(
  ctx: RpcContext,
  req: { peer: tl.InputPeer; saved_peer_id?: tl.InputPeer | undefined; filter: tl.MessagesFilter },
): Promise<{ place: SearchPlace; query: MatchQuery }> {
  const place = await accessSearchPlace(ctx, req.peer);
  const savedPeerId = req.saved_peer_id && (await accessSavedPeer(ctx, req.saved_peer_id));
  const kinds = kindsOfFilter(req.filter);
  const mentionedId = place.channelId === undefined ? undefined : ctx.userId;
  return { place, query: { text: '', peerId: place.peerId, savedPeerId, kinds, mentionedId, minDate: 0, maxDate: 0, minId: minIdIn(place, 0), maxId: 0 } };
}
