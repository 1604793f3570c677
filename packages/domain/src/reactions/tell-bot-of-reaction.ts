import { unmarkPeer } from '@aerogram/cluster';

import { selectBots } from '../bot-events/index.ts';
import type { MessageRow, OpenBoxes } from '../events/index.ts';
import { ownReactions } from './own-reactions.ts';

/**
 * Tells a bot, whose copy of a message a person has reacted to, what the person has given before and now. Does nothing for the copies of people.
 * @param changed the copy before and after the change
 */
export async function tellBot({ tx, boxes, date }: OpenBoxes, { before, after }: { before: MessageRow; after: MessageRow }, reactorId: bigint): Promise<void> {
  const { owner_id: botId, msg_id } = after;
  if (botId === reactorId || (await selectBots(tx, [botId])).length === 0) return;
  const actor = unmarkPeer(reactorId);
  const [old_reactions, new_reactions] = [before, after].map((row) => ownReactions(row, reactorId).map(({ reaction }) => reaction));
  boxes.addQts(botId, date, (qts) => ({ _: 'updateBotMessageReaction', peer: actor, msg_id, date, actor, old_reactions: old_reactions!, new_reactions: new_reactions!, qts }));
}
