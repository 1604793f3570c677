import { markPeer } from '@aerogram/cluster';
import { type ParticipantFilter, PeerSet } from '@aerogram/domain';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { accessChannel } from './channel-call.ts';

/** Lists members of a channel. A hash of the user ids, in the order of the list, shows that the client has this page already (rule P35, member lists). */
export const getParticipants = defineMethod({
  method: 'channels.getParticipants',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { 'filter.q': 256 } },
  repeat: 'read',
  async handler(ctx, { channel: input, filter, offset, limit, hash }) {
    const { channels, projectPeers } = ctx.domain;
    const { channelId } = await accessChannel(ctx, input);
    const page = { filter: await readFilter(ctx, filter), offset, limit };
    const { participants, count } = await channels.at(channelId).members.list(ctx.userId, page);
    if (hash !== 0n && hash === hashOf(participants.map(idOf))) return { _: 'channels.channelParticipantsNotModified' };
    const named = new PeerSet();
    for (const participant of participants) named.addObject(participant);
    return { _: 'channels.channelParticipants', count, participants, ...(await projectPeers(ctx.userId, named)) };
  },
});

function idOf(participant: tl.ChannelParticipant): bigint {
  if ('user_id' in participant) return participant.user_id;
  return markPeer(participant.peer);
}

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
      return { kind: 'bots' };
    case 'channelParticipantsSearch':
      return { kind: 'search', q: filter.q };
    case 'channelParticipantsMentions':
      // Without a text, clients offer those who were last online.
      return filter.q === undefined || filter.q.trim() === '' ? { kind: 'recent' } : { kind: 'search', q: filter.q };
    case 'channelParticipantsContacts': {
      const { ids } = await ctx.domain.contacts.listContactIds(ctx.userId);
      return { kind: 'contacts', q: filter.q, userIds: ids };
    }
  }
}
