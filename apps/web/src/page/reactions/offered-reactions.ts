import { customIdOf, type Message, type Peer, type ReactionChoice } from '../../protocol/index.ts';

type Choice = Pick<ReactionChoice, 'emoji' | 'top' | 'standard' | 'uniqueMax'>;
type Reacted = Pick<Message, 'reactions'>;

const isCustom = (key: string): boolean => customIdOf(key) !== undefined;

/** Whether a chat allows a reaction. In private chats everything is allowed; what a group allows is perhaps not known yet. Pure. @param key that of the reaction */
export function isAllowedIn(peer: Peer | undefined, key: string): boolean {
  const allowed = peer?.reactions;
  if (allowed?.kind === 'none') return false;
  if (allowed?.kind === 'some') return allowed.emoji.includes(key);
  return !isCustom(key) || peer?.kind === 'user' || allowed?.custom === true;
}

/** Whether a message has as many different reactions as it may have. Pure. */
const isFull = ({ uniqueMax }: Choice, peer: Peer | undefined, { reactions = [] }: Reacted): boolean => reactions.length >= (peer?.reactions?.limit ?? uniqueMax);

/**
 * The reactions that the account may give to a message: the emoji and those custom emoji that its chat names, that the account uses, or that the message has, as far as its chat allows them,
 * and no new ones if it has as many different ones as it may have. Pure.
 */
export function offeredReactions(choice: Choice, peer: Peer | undefined, message: Reacted): string[] {
  const { reactions = [] } = message;
  const given = reactions.map(({ emoji }) => emoji);
  const named = peer?.reactions?.kind === 'some' ? peer.reactions.emoji : [];
  const custom = [choice.standard, ...choice.top, ...named, ...given].filter(isCustom);
  const full = isFull(choice, peer, message);
  return [...new Set([...choice.emoji, ...custom])].filter((key) => isAllowedIn(peer, key) && (!full || given.includes(key)));
}

/** Whether the account may give any custom emoji to a message. Pure. */
export function offersCustomReactions(choice: Choice, peer: Peer | undefined, message: Reacted): boolean {
  const isAny = peer?.kind === 'user' || (peer?.reactions?.kind === 'all' && peer.reactions.custom === true);
  return isAny && !isFull(choice, peer, message);
}
