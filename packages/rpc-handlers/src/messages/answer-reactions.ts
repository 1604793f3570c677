import { pageSize, reactionOfKey } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { numbersOfReaction } from '../hash-of-reactions.ts';

/** Projects a list of reactions, at most `limit`; "not modified" if the client has it. Pure. @param keys as `keyOfReaction` returns them */
export function answerReactions(keys: readonly string[], limit: number, hash: bigint): tl.messages.Reactions {
  const reactions = keys.slice(0, pageSize(limit, 100)).map(reactionOfKey);
  const own = hashOf(reactions.flatMap(numbersOfReaction));
  if (own === hash && hash !== 0n) return { _: 'messages.reactionsNotModified' };
  return { _: 'messages.reactions', hash: own, reactions };
}
