import { unmarkPeer } from '@aerogram/cluster';
import { checkRight, given, projectMessage, type ResolvedChannel, standingIn } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PRIVATE_QUOTAS } from '../quotas.ts';
import { originOf, stepBox } from '../origin.ts';

export const setChatWallPaper = defineMethod({
  method: 'messages.setChatWallPaper',
  access: 'user',
  cost: 10,
  quotas: PRIVATE_QUOTAS,
  repeat: 'idempotent',
  async handler(ctx, { peer: input, wallpaper, settings, id: msgId, for_both: forBoth, revert }) {
    const { chatWallpapers, peers, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, input);
    if (peer.kind === 'channel' && msgId === undefined && isNone(wallpaper, settings)) return answerNone(ctx, peer);
    // Wallpapers of groups and channels need boosts, which there are not.
    if (peer.kind !== 'user') throw rpcError('PEER_ID_INVALID');
    const { peerId } = peer;
    const change = { ownerId: ctx.userId, peerId, origin: originOf(ctx) };
    const told = async (): Promise<tl.updatePeerWallpaper> => ({ _: 'updatePeerWallpaper', peer: { _: 'peerUser', user_id: peer.userId }, ...(await chatWallpapers.find(ctx.userId, peerId)) });
    if (revert === true || (wallpaper === undefined && msgId === undefined)) {
      await (revert === true ? chatWallpapers.doRevert(change) : chatWallpapers.doRemove(change));
      return updates.projectAnswer(ctx.userId, [await told()]);
    }
    const notice = await chatWallpapers.doSet(peer, change, { wallpaper, settings, msgId, forBoth: forBoth === true });
    if (notice === undefined) return updates.projectAnswer(ctx.userId, [await told()]);
    stepBox(ctx, notice.pts, 1);
    return updates.projectAnswer(ctx.userId, [await told(), { _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 }]);
  },
});

/** Whether a request names no wallpaper: with the id 0, it is only the emoji of a theme. */
function isNone(wallpaper: tl.InputWallPaper | undefined, settings: tl.wallPaperSettings | undefined): boolean {
  return wallpaper === undefined || (wallpaper._ === 'inputWallPaperNoFile' && given(wallpaper.id) === undefined && settings?.background_color === undefined);
}

/** Answers that a channel has no wallpaper, which is so before and after. @throws RpcError CHAT_ADMIN_REQUIRED */
function answerNone(ctx: RpcContext, { peerId, row, member }: ResolvedChannel): Promise<tl.updates> {
  checkRight(standingIn(row, member, ctx.clock.now()), 'change_info');
  return ctx.domain.updates.projectAnswer(ctx.userId, [{ _: 'updatePeerWallpaper', peer: unmarkPeer(peerId) }], [peerId]);
}
