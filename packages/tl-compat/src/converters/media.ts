import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Only messages were counted; stories came later. */
export function messageInteractions(o: tl.stats.broadcastStats): old.MessageInteractionCounters[] {
  return o.recent_posts_interactions.flatMap((post): old.MessageInteractionCounters[] => {
    if (post._ !== 'postInteractionCountersMessage') return [];
    return [{ _: 'messageInteractionCounters#ad4fc9bd', msg_id: post.msg_id, views: post.views, forwards: post.forwards }];
  });
}
