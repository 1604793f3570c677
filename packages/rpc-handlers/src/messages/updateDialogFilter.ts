import { inputPeerOf } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';

/** More peers than any folder may have are refused before they are looked up. */
const TOO_MANY = { max: 200, error: 'INPUT_FILTER_INVALID' } as const;

export const updateDialogFilter = defineMethod({
  method: 'messages.updateDialogFilter',
  access: 'user',
  cost: 1,
  itemCosts: { 'filter.pinned_peers': 0.1, 'filter.include_peers': 0.1, 'filter.exclude_peers': 0.1 },
  limits: { vectors: { 'filter.pinned_peers': TOO_MANY, 'filter.include_peers': TOO_MANY, 'filter.exclude_peers': TOO_MANY } },
  repeat: 'idempotent',
  elsewhere: { filter: 'works' },
  async handler(ctx, { id, filter }) {
    const checked = filter === undefined || filter._ === 'dialogFilterDefault' ? filter : await accessPeers(ctx, filter);
    await ctx.domain.filters.doUpdate(ctx.userId, id, checked, originOf(ctx));
    return true;
  },
});

/**
 * Rebuilds the folder with peers that the caller may use, without duplicates, in the form that every client understands. Private channels that the caller
 * is no longer in are left out: clients send back the whole folder, also to change its title only.
 */
async function accessPeers(ctx: RpcContext, filter: tl.dialogFilter | tl.dialogFilterChatlist): Promise<tl.DialogFilter> {
  const access = async (inputs: readonly tl.InputPeer[]): Promise<tl.InputPeer[]> => {
    const peers = await Promise.all(inputs.map((input) => ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, input).catch(unlessPrivate)));
    const byId = new Map(peers.flatMap((peer) => (peer === undefined ? [] : [[peer.peerId, peer]])));
    return [...byId.values()].map((peer) => inputPeerOf(ctx.domain.accessHashes, ctx.userId, peer));
  };
  const [pinned_peers, include_peers, exclude_peers] = await Promise.all([
    access(filter.pinned_peers),
    access(filter.include_peers),
    access(filter._ === 'dialogFilter' ? filter.exclude_peers : []),
  ]);
  return filter._ === 'dialogFilter' ? { ...filter, pinned_peers, include_peers, exclude_peers } : { ...filter, pinned_peers, include_peers };
}

function unlessPrivate(error: unknown): undefined {
  if (!(error instanceof RpcError) || error.entry !== 'CHANNEL_PRIVATE') throw error;
}
