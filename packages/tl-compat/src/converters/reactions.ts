import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** A reaction was an emoji; custom and paid ones have no old form. */
export function emojiOf(reaction: tl.Reaction): string | undefined {
  return reaction._ === 'reactionEmoji' ? reaction.emoticon : undefined;
}

/** Emoji of the reactions that a chat allows. `all` stands for every emoji there is: older clients take the list as it is, so it is left out. */
function allowedEmoji(allowed: tl.ChatReactions | undefined): string[] | undefined {
  return allowed?._ === 'chatReactionsSome' ? allowed.reactions.flatMap((r) => emojiOf(r) ?? []) : undefined;
}

export function lowerReactionCount(o: tl.reactionCount): old.reactionCount_6fb250d1 | undefined {
  const reaction = emojiOf(o.reaction);
  return reaction === undefined ? undefined : { _: 'reactionCount#6fb250d1', chosen: o.chosen_order !== undefined, reaction, count: o.count };
}

export function lowerPeerReaction(o: tl.messagePeerReaction): old.messagePeerReaction_51b67eff | undefined {
  const reaction = emojiOf(o.reaction);
  return reaction === undefined ? undefined : { _: 'messagePeerReaction#51b67eff', big: o.big, unread: o.unread, peer_id: o.peer_id, reaction };
}

export function lowerChatFull(o: tl.chatFull): old.chatFull_d18ee226 {
  return { ...o, _: 'chatFull#d18ee226', available_reactions: allowedEmoji(o.available_reactions) };
}

export function lowerChannelFull(o: tl.channelFull): old.channelFull_ea68a619 {
  return { ...o, _: 'channelFull#ea68a619', available_reactions: allowedEmoji(o.available_reactions) };
}

export function lowerReactionsChange(o: tl.channelAdminLogEventActionChangeAvailableReactions): old.channelAdminLogEventActionChangeAvailableReactions_9cf7f76a {
  return {
    _: 'channelAdminLogEventActionChangeAvailableReactions#9cf7f76a',
    prev_value: allowedEmoji(o.prev_value) ?? [],
    new_value: allowedEmoji(o.new_value) ?? [],
  };
}
