import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { type MessageRow, unpackMessageExtra } from '../events/index.ts';

/** The reactions of one person to a message. Pure. */
export function ownReactions(row: MessageRow, reactorId: bigint): tl.messagePeerReaction[] {
  return (unpackMessageExtra(row.extra).reactions ?? []).filter((one) => markPeer(one.peer_id) === reactorId);
}
