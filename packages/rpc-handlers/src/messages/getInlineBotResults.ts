import { INLINE_QUERY_MAX, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { senderOf } from './sender-of.ts';

export const getInlineBotResults = defineMethod({
  method: 'messages.getInlineBotResults',
  access: 'user',
  cost: 2,
  // Clients ask with whatever stands in the text field, so what is too long is cut off.
  limits: { strings: { query: 20 * INLINE_QUERY_MAX, offset: 256 } },
  quotas: ['inlineQueries', 'inlineQueriesOfBot'],
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  presence: 'acting',
  async handler(ctx, req) {
    const { inline, mediaInputs, peers, projectPeers } = ctx.domain;
    const bot = await peers.accessInputUser(ctx.userId, req.bot);
    const peer = req.peer._ === 'inputPeerEmpty' ? undefined : await peers.accessInputPeer(ctx.userId, req.peer);
    const found = await inline.doFindResults({ userId: ctx.userId, bot, peer, geo: await placeOf(), query: req.query, offset: req.offset, onWait: () => ctx.waits() });
    const named = new PeerSet([bot.user_id]);
    named.addObject(found);
    const { users } = await projectPeers(ctx.userId, named);
    return { ...found, users };

    /** Where the person is, checked as a place in a message is. */
    async function placeOf() {
      if (req.geo_point === undefined || req.geo_point._ === 'inputGeoPointEmpty') return undefined;
      const media = await mediaInputs.prepare({ _: 'inputMediaGeoPoint', geo_point: req.geo_point }, senderOf(ctx));
      return media._ === 'messageMediaGeo' && media.geo._ === 'geoPoint' ? media.geo : undefined;
    }
  },
});
