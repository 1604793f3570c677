import { accessDialogPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessPeerInSight } from './access-messages.ts';

/** The archive is the only folder that is an entry of a dialog list. */
const ARCHIVE_ID = 1;

/** Returns the dialogs of the given peers. `inputDialogPeerFolder` means the archive, which is left out while it is empty. */
export const getPeerDialogs = defineMethod({
  method: 'messages.getPeerDialogs',
  access: 'user',
  cost: 1,
  itemCosts: { peers: 0.1 },
  limits: { vectors: { peers: 100 } },
  repeat: 'read',
  elsewhere: { peers: 'works' },
  async handler(ctx, req) {
    const { dialogs, updates } = ctx.domain;
    const folders = req.peers.filter(isFolder);
    if (folders.some(({ folder_id }) => folder_id !== ARCHIVE_ID)) throw rpcError('FOLDER_ID_INVALID');
    const named = req.peers.filter((peer) => !isFolder(peer));
    const wanted = await Promise.all(named.map((peer) => accessDialogPeer((_userId, input) => accessPeerInSight(ctx, input), ctx.userId, peer)));
    const state = await updates.findState(ctx.userId, ctx.caller.permAuthKeyId);
    // The newest message of a group may be no comment.
    const hidden = new Set(wanted.flatMap((peer) => (peer.kind === 'channel' && peer.commentsOnly === true ? [peer.peerId] : [])));
    const found = await dialogs.find(ctx.userId, wanted.map(({ peerId }) => peerId));
    const rows = found.map((row) => (hidden.has(row.peer_id) ? { ...row, top_msg_id: 0, top_date: 0 } : row));
    return { _: 'messages.peerDialogs', ...(await dialogs.project(ctx.userId, rows, true, folders.length > 0)), state };
  },
});

function isFolder(peer: tl.InputDialogPeer): peer is tl.inputDialogPeerFolder {
  return peer._ === 'inputDialogPeerFolder';
}
