import { ME_URL_PREFIX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessChannelPeer } from '../access-channel-peer.ts';

/**
 * There are no boosts, and nothing needs them: help.getAppConfig asks for level 0 everywhere. Clients request this when an admin opens the looks or the reactions
 * of a channel. Without the number of boosts of a next level they offer none.
 */
export const getBoostsStatus = defineMethod({
  method: 'premium.getBoostsStatus',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'boosts',
  async handler(ctx, { peer }) {
    const { channelId, row } = await accessChannelPeer(ctx, peer);
    const place = row.username === null ? `c/${channelId}` : row.username;
    return { _: 'premium.boostsStatus', level: 0, current_level_boosts: 0, boosts: 0, boost_url: `${ME_URL_PREFIX}${place}?boost` };
  },
});
