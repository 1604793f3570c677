import type { FileRef, MessageId, PeerId } from '../models.ts';
import type { AllowedReactions, ReactionChoice, Reactor } from '../reactions.ts';

/** Reactions to messages. */
export interface ReactionQuestions {
  /** Gives a reaction, or takes it away if the account has given it. */
  'reactions.toggle': { say: { peer: PeerId; message: MessageId; emoji: string }; get: void };
  'reactions.list': { say: void; get: ReactionChoice };
  /** What is played when somebody gives a reaction; undefined if the server has nothing for it. */
  'reactions.animation': { say: { emoji: string }; get: FileRef | undefined };
  /** Those that the account has given lately, the last one first. */
  'reactions.recent': { say: void; get: string[] };
  /** Those who have reacted, the last one first. @param offset `next` of the page before */
  'reactions.people': { say: { peer: PeerId; message: MessageId; emoji?: string; offset?: string }; get: { reactors: Reactor[]; next?: string } };
  /** Sets which reactions members of a group or channel may give. */
  'reactions.allow': { say: { peer: PeerId; allowed: AllowedReactions }; get: void };
}
