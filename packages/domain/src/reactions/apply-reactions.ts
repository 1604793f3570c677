
import { customEmojiIn, isReactionEverywhere, reactionOfKey } from '../documents/index.ts';
import type { EffectHandler } from '../effects/index.ts';
import { type BoxWriter, hasFlag, MessageFlag, type MessageRow, type OpenBoxes, unpackMessageExtra } from '../events/index.ts';
import { applyToBoxes, findCopies, isBarred, saveReactions } from '../messages/index.ts';
import { findUserRows } from '../peers/index.ts';
import { logReactions, reactTo } from './do-react.ts';
import { ownReactions } from './own-reactions.ts';
import { type ReactionEffect, reactionKind } from './reaction-effect.ts';
import { accessReactions } from './reactions.ts';
import { tellBot } from './tell-bot-of-reaction.ts';

/** How many reactions are applied together. */
const AT_ONCE = 20;

/** The copy of the message that somebody has in the dialog with the other, if it may have reactions. */
async function findReacted({ tx }: OpenBoxes, { globalId }: ReactionEffect, { ownerId, peerId }: { ownerId: bigint; peerId: bigint }): Promise<MessageRow | undefined> {
  const copies = await findCopies(tx.q, [ownerId], [globalId]);
  return copies.find((row) => row.peer_id === peerId && !hasFlag(row, MessageFlag.service));
}

async function writeReaction(open: OpenBoxes, row: MessageRow, effect: ReactionEffect): Promise<void> {
  const { tx, boxes, date } = open;
  const isBot = (await findUserRows(tx, [effect.from])).get(effect.from)?.bot === true;
  const given = effect.emoticons.map(reactionOfKey);
  // Other data centres have no others.
  const reactions = accessReactions(given, { isBot, known: new Set(customEmojiIn(given.filter(isReactionEverywhere))) });
  const changed = reactTo(row, { ownerId: effect.from, reactions, big: effect.big }, Math.min(effect.date, date));
  if (changed === undefined) return;
  await saveReactions(tx, [changed]);
  logReactions(boxes, changed, date, undefined);
  await tellBot(open, { before: row, after: changed }, effect.from);
}

/** Whether a person's reactions to a message are older than an effect, so that it came after them. Reactions that were taken back leave no date. */
function isOlder(row: MessageRow, { from, date }: ReactionEffect): boolean {
  return unpackMessageExtra(row.extra).reactions === undefined || ownReactions(row, from).every((one) => one.date <= date);
}

/** Creates the handler of reactions. Returned to its author's home, a reaction is set again there, unless the author has reacted later; used and recent reactions stay as they are. */
export function createReactionHandler(deps: Pick<BoxWriter, 'withBoxes'>): EffectHandler<ReactionEffect> {
  return {
    kind: reactionKind,
    atOnce: AT_ONCE,
    apply: (tx, _dc, effects) =>
      applyToBoxes(deps, tx, { effects }, async (open, effect) => {
        const row = await findReacted(open, effect, { ownerId: effect.to, peerId: effect.from });
        if (row !== undefined && !(await isBarred(tx, effect))) await writeReaction(open, row, effect);
      }),
    restore: (tx, _dc, effects) =>
      applyToBoxes(deps, tx, { effects, side: 'from' }, async (open, effect) => {
        const row = await findReacted(open, effect, { ownerId: effect.from, peerId: effect.to });
        if (row !== undefined && isOlder(row, effect)) await writeReaction(open, row, effect);
      }),
  };
}
