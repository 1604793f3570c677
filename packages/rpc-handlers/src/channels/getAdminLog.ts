import { LogFilter, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessChannel } from './channel-call.ts';

/** Lists what happened lately in a supergroup or channel, for its admins. */
export const getAdminLog = defineMethod({
  method: 'channels.getAdminLog',
  access: 'user',
  cost: 5,
  itemCosts: { admins: 0.05 },
  limits: { strings: { q: 256 }, vectors: { admins: 100 } },
  repeat: 'read',
  elsewhere: { admins: 'works' },
  async handler(ctx, { channel: input, q, events_filter, admins, max_id: maxId, min_id: minId, limit }) {
    const { channels, messageFiller, peers, projectPeers } = ctx.domain;
    const { channelId, peerId } = await accessChannel(ctx, input);
    const users = admins && (await Promise.all(admins.map((admin) => peers.accessInputUser(ctx.userId, admin))));
    const page = { q, filters: events_filter && bitsOf(events_filter), userIds: users?.map((user) => user.user_id), maxId, minId, limit };
    const events = await channels.at(channelId).log.list(ctx.userId, page);
    await messageFiller.fillLogged(events.flatMap(({ action }) => listMessages(action)));
    const named = new PeerSet([peerId]);
    for (const event of events) named.addObject(event);
    return { _: 'channels.adminLogResults', events, ...(await projectPeers(ctx.userId, named)) };
  },
});

function listMessages(action: tl.ChannelAdminLogEventAction): tl.Message[] {
  if ('message' in action) return [action.message];
  return 'new_message' in action ? [action.prev_message, action.new_message] : [];
}

function bitsOf(filter: tl.channelAdminLogEventsFilter): number {
  let bits = 0;
  for (const [name, bit] of Object.entries(LogFilter)) if (filter[name as keyof typeof LogFilter] === true) bits |= bit;
  return bits;
}
