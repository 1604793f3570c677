import { accessReactions, customEmojiIn, keyOfReaction } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { REACTION_QUOTAS } from '../quotas.ts';
import { originOf } from '../origin.ts';
import { reactionsAt } from './reactions-at.ts';

export const sendReaction = defineMethod({
  method: 'messages.sendReaction',
  access: ['user', 'bot'],
  cost: 1,
  // Lists and texts that are far too long get the same errors as those that are a little too long.
  limits: { vectors: { reaction: { max: 20, error: 'REACTIONS_TOO_MANY' } }, strings: { 'reaction.emoticon': { max: 64, error: 'REACTION_INVALID' } } },
  quotas: REACTION_QUOTAS,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const { peers, reactions, updates } = ctx.domain;
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, req.peer);
    const given = req.reaction ?? [];
    const wanted = accessReactions(given, { isBot: ctx.caller.isBot, known: await ctx.domain.stickerSets.findKnown(customEmojiIn(given)) });
    const reacting = { msgId: req.msg_id, big: req.big === true, addsToRecent: req.add_to_recent === true };
    const update =
      peer.kind === 'user'
        ? await reactions.doReact(peer, { ...reacting, ownerId: ctx.userId, reactions: wanted, origin: originOf(ctx) })
        : await reactionsAt(ctx, peer).doReact({ ...actingAs(ctx), ...reacting, emoticons: wanted.map(keyOfReaction) });
    return updates.projectAnswer(ctx.userId, [update], [peer.peerId]);
  },
});
