import { PeerSet } from '@aerogram/domain';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { deviceOf } from '../origin.ts';

export const getDifference = defineMethod({
  method: 'updates.getDifference',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, req) {
    const { userId, caller: { permAuthKeyId: authKeyId } } = ctx;
    const { difference, pts, looseSeq, deviceSeq, delivered, channels, confirmed } = await ctx.domain.updates.findDifference(userId, {
      pts: req.pts,
      ptsLimit: req.pts_limit,
      ptsTotalLimit: req.pts_total_limit,
      date: req.date,
      qts: req.qts,
      qtsLimit: req.qts_limit,
      authKeyId,
    });
    // Notes the position from which the client asked, because it is unknown whether this answer will arrive.
    ctx.domain.positions.noteAsked(userId, authKeyId, confirmed, req.date);
    // The difference is right without it: what is not deleted now is deleted by the next one.
    if (delivered !== undefined) await ctx.domain.deviceLogs.doConfirm({ owner: userId, authKeyId }, delivered).catch((error: unknown) => ctx.log.warn({ err: error }, 'delivered messages could not be deleted'));
    // With this answer the client has everything up to `pts`, whatever it had before.
    ctx.boxStep({ owner: userId, pts, ptsCount: pts, looseSeq, deviceSeq });
    // Of channels it only says where they are.
    for (const channel of channels) ctx.boxStep({ owner: channel.peerId, pts: channel.pts, ptsCount: 0, looseSeq: 0 });
    return withCalls(ctx, req, difference);
  },
});

/** Adds the calls of which the device has to know. What was pushed of them while it asked, it may have ignored. A slice is followed by another answer. */
async function withCalls(ctx: RpcContext, asked: tl.updates.getDifference, difference: tl.updates.Difference): Promise<tl.updates.Difference> {
  const { userId, caller, domain } = ctx;
  if (caller.isBot || (difference._ !== 'updates.difference' && difference._ !== 'updates.differenceEmpty')) return difference;
  const calls = await domain.calls.listShown(deviceOf(ctx));
  if (calls.length === 0) return difference;
  if (difference._ === 'updates.differenceEmpty') {
    // A device that does not know its qts cannot be told it again.
    if (asked.qts < 0) return difference;
    const { users, chats } = await domain.projectPeers(userId, namedIn(calls));
    const state: tl.updates.state = { _: 'updates.state', pts: asked.pts, qts: asked.qts, date: difference.date, seq: difference.seq, unread_count: 0 };
    return { _: 'updates.difference', new_messages: [], new_encrypted_messages: [], other_updates: calls, chats, users, state };
  }
  const { users } = await domain.projectPeers(userId, namedIn(calls));
  const known = new Set(difference.users.map(({ id }) => id));
  return { ...difference, other_updates: [...difference.other_updates, ...calls], users: [...difference.users, ...users.filter(({ id }) => !known.has(id))] };
}

function namedIn(updates: readonly tl.Update[]): PeerSet {
  const peers = new PeerSet();
  for (const update of updates) peers.addObject(update);
  return peers;
}
