import type { Message, Peer, ReactionChoice } from '../../protocol/index.ts';

/** The reactions that the account may give to a message: those that its chat allows, and no new ones if it has as many different ones as it may have. Pure. */
export function offeredReactions({ emoji, uniqueMax }: Pick<ReactionChoice, 'emoji' | 'uniqueMax'>, peer: Peer | undefined, { reactions = [] }: Pick<Message, 'reactions'>): string[] {
  const allowed = peer?.reactions;
  const isFull = reactions.length >= (allowed?.limit ?? uniqueMax);
  return emoji.filter((each) => {
    if (allowed?.kind === 'none' || (allowed?.kind === 'some' && !allowed.emoji.includes(each))) return false;
    return !isFull || reactions.some((reaction) => reaction.emoji === each);
  });
}
