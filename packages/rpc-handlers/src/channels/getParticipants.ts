import { type ParticipantFilter, PeerSet } from '@aerogram/domain';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessChannel } from './channel-call.ts';

/** Lists members. The hash of what a client has is ignored: the answer is never "not modified" (rule P35). */
export const getParticipants = defineMethod({
  method: 'channels.getParticipants',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { 'filter.q': 256 } },
  repeat: 'read',
  async handler(ctx, { channel: input, filter, offset, limit }) {
    const { channels, projectPeers } = ctx.domain;
    const { channelId } = await accessChannel(ctx, input);
    const page = { filter: await readFilter(ctx, filter), offset, limit };
    const { participants, count } = await channels.at(channelId).listParticipants(ctx.userId, page);
    const named = new PeerSet();
    for (const participant of participants) named.addObject(participant);
    return { _: 'channels.channelParticipants', count, participants, ...(await projectPeers(ctx.userId, named)) };
  },
});

async function readFilter(ctx: RpcContext, filter: tl.ChannelParticipantsFilter): Promise<ParticipantFilter> {
  switch (filter._) {
    case 'channelParticipantsRecent':
      return { kind: 'recent' };
    case 'channelParticipantsAdmins':
      return { kind: 'admins' };
    case 'channelParticipantsKicked':
      return { kind: 'kicked' };
    case 'channelParticipantsBanned':
      return { kind: 'banned' };
    case 'channelParticipantsBots':
      return { kind: 'nobody' };
    case 'channelParticipantsSearch':
      return { kind: 'search', q: filter.q };
    case 'channelParticipantsMentions':
      return { kind: 'search', q: filter.q ?? '' };
    case 'channelParticipantsContacts': {
      const { ids } = await ctx.domain.contacts.listContactIds(ctx.userId);
      return { kind: 'contacts', q: filter.q, userIds: ids };
    }
  }
}
