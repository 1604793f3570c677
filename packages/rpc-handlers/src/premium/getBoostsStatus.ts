import { ME_URL_PREFIX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessChannelPeer } from '../access-channel-peer.ts';
import { BOOST_LEVEL } from '../boost-level.ts';

/**
 * There are no boosts, and nothing needs them: every channel has the highest level. Clients request this when an admin opens the looks or the reactions of a
 * channel, and compare the level with what help.getAppConfig asks for. Without the number of boosts of a next level they offer none.
 */
export const getBoostsStatus = defineMethod({
  method: 'premium.getBoostsStatus',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer }) {
    const { channelId, row } = await accessChannelPeer(ctx, peer);
    const place = row.username === null ? `c/${channelId}` : row.username;
    return { _: 'premium.boostsStatus', level: BOOST_LEVEL, current_level_boosts: 0, boosts: 0, boost_url: `${ME_URL_PREFIX}${place}?boost` };
  },
});
