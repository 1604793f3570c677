import type { BoxWriter, Origin } from '../events/index.ts';
import { type ReactionUse, saveUses } from '../messages/index.ts';
import { inBatches } from '../shared/index.ts';

/** Maximum number of people whose uses one transaction notes. */
const TOGETHER_MAX = 32;

/** That somebody has given reactions. */
export interface UseOfReactions {
  ownerId: bigint;
  /** The keys of those that are new, without duplicates. */
  emoticons: readonly string[];
  /** Adds them to those that were used last, and tells the owner's other devices. */
  isRecent: boolean;
  origin: Origin | undefined;
}

/**
 * Creates a function that notes at people's accounts which emoji they have used. Those who react while a transaction runs are noted together in the next one. It only
 * orders what apps offer, so that a crash before it does no harm.
 */
export function createNoteUse({ writeFoundBoxes }: Pick<BoxWriter, 'writeFoundBoxes'>): (use: UseOfReactions) => Promise<void> {
  return inBatches<UseOfReactions, void>(async (uses) => {
    const ownerIds = [...new Set(uses.map((use) => use.ownerId))];
    const owners = {
      find: () => Promise.resolve(),
      ownersOf: () => ownerIds,
      operationsOf: () => ownerIds.map((ownerId) => ({ name: 'note-used-reactions', owners: [ownerId] })),
    };
    await writeFoundBoxes('note-used-reactions', owners, async (tx, boxes, date) => {
      await saveUses(tx, onceEach(uses, date));
      for (const { ownerId, isRecent, origin } of uses) if (isRecent) boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, () => ({ _: 'updateRecentReactions' }));
    });
    return uses.map(() => undefined);
  }, TOGETHER_MAX);
}

/** Each pair of owner and emoji once, as the store needs it; among the recent ones if any use says so. Pure. */
function onceEach(uses: readonly UseOfReactions[], date: number): ReactionUse[] {
  const found = new Map<string, ReactionUse>();
  for (const { ownerId, emoticons, isRecent } of uses) {
    for (const emoticon of emoticons) {
      const key = `${ownerId} ${emoticon}`;
      found.set(key, { ownerId, emoticon, recentDate: isRecent ? date : found.get(key)?.recentDate });
    }
  }
  return [...found.values()];
}
