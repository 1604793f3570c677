import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Only messages were counted; stories were added later. */
export function messageInteractions(o: tl.stats.broadcastStats): old.MessageInteractionCounters[] {
  return o.recent_posts_interactions.flatMap((post): old.MessageInteractionCounters[] => {
    if (post._ !== 'postInteractionCountersMessage') return [];
    return [{ _: 'messageInteractionCounters#ad4fc9bd', msg_id: post.msg_id, views: post.views, forwards: post.forwards }];
  });
}

/** Only Premium could be given away; a giveaway of Stars becomes unsupported media. */
export function lowerGiveaway(o: tl.messageMediaGiveaway): old.messageMediaGiveaway_daad85b0 | tl.messageMediaUnsupported {
  const { months, stars: _, ...rest } = o;
  return months === undefined ? { _: 'messageMediaUnsupported' } : { ...rest, _: 'messageMediaGiveaway#daad85b0', months };
}

export function lowerGiveawayResults(o: tl.messageMediaGiveawayResults): old.messageMediaGiveawayResults_c6991068 | tl.messageMediaUnsupported {
  const { months, stars: _, ...rest } = o;
  return months === undefined ? { _: 'messageMediaUnsupported' } : { ...rest, _: 'messageMediaGiveawayResults#c6991068', months };
}

/** Paid media was a single item. */
export function lowerExtendedMedia({ peer, msg_id, extended_media: [first] }: tl.updateMessageExtendedMedia): old.updateMessageExtendedMedia_5a73a98c | undefined {
  return first && { _: 'updateMessageExtendedMedia#5a73a98c', peer, msg_id, extended_media: first };
}
