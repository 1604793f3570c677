import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

export function lowerVideo(o: tl.documentAttributeVideo): old.documentAttributeVideo_0ef02ce6 {
  return { ...o, _: 'documentAttributeVideo#0ef02ce6', duration: Math.ceil(o.duration) };
}

export function lowerListItemText(o: tl.pageListOrderedItemText): old.pageListOrderedItemText_5e068047 {
  return { _: 'pageListOrderedItemText#5e068047', num: o.num ?? '', text: o.text };
}

export function lowerListItemBlocks(o: tl.pageListOrderedItemBlocks): old.pageListOrderedItemBlocks_98dd8936 {
  return { _: 'pageListOrderedItemBlocks#98dd8936', num: o.num ?? '', blocks: o.blocks };
}

/** Only chats and channels had calls; both were named by the bare id. */
function chatIdOf(peer: tl.Peer | undefined): bigint | undefined {
  if (peer?._ === 'peerChat') return peer.chat_id;
  return peer?._ === 'peerChannel' ? peer.channel_id : undefined;
}

export function lowerUpdateGroupCall144(o: tl.updateGroupCall): old.updateGroupCall_14b24500 | undefined {
  const chat_id = chatIdOf(o.peer);
  return chat_id === undefined ? undefined : { _: 'updateGroupCall#14b24500', chat_id, call: o.call };
}

export function lowerUpdateGroupCall198(o: tl.updateGroupCall): old.updateGroupCall_97d64341 {
  return { _: 'updateGroupCall#97d64341', chat_id: chatIdOf(o.peer), call: o.call };
}

export function lowerBroadcastStats(o: tl.stats.broadcastStats): old.stats_broadcastStats_bdf78394 {
  const recent_message_interactions = o.recent_posts_interactions.flatMap((post): old.messageInteractionCounters_ad4fc9bd[] => (post._ === 'postInteractionCountersMessage'
    ? [{ _: 'messageInteractionCounters#ad4fc9bd', msg_id: post.msg_id, views: post.views, forwards: post.forwards }] : []));
  return { ...o, _: 'stats.broadcastStats#bdf78394', recent_message_interactions };
}
