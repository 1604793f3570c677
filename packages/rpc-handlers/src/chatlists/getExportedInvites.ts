import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { projectLink } from './folder-call.ts';

export const getExportedInvites = defineMethod({
  method: 'chatlists.getExportedInvites',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { chatlist }) {
    const links = await ctx.domain.sharedFolders.listLinks(ctx.userId, chatlist.filter_id);
    const named = await ctx.domain.projectPeers(ctx.userId, new PeerSet(links.flatMap((link) => link.peer_ids)));
    return { _: 'chatlists.exportedInvites', invites: links.map(projectLink), ...named };
  },
});
