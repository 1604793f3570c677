import { pageSize } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { numbersOfReaction } from '../hash-of-reactions.ts';

/** Projects emoji as a list of reactions, at most `limit`; "not modified" if the client has it. Pure. */
export function projectEmoji(emoticons: readonly string[], limit: number, hash: bigint): tl.messages.Reactions {
  const shown = emoticons.slice(0, pageSize(limit, 100));
  const own = hashOf(shown.flatMap(numbersOfReaction));
  if (own === hash && hash !== 0n) return { _: 'messages.reactionsNotModified' };
  return { _: 'messages.reactions', hash: own, reactions: shown.map((emoticon) => ({ _: 'reactionEmoji', emoticon })) };
}
