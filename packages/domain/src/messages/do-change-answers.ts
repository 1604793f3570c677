import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';

import { type BoxWriter, hasFlag, MessageFlag, type MessageRow, type Origin, packMessageExtra } from '../events/index.ts';
import type { AnswerChange, Polls } from '../polls/index.ts';
import { addNotice } from './add-notice.ts';
import { findCopies, findMessage } from './find-messages.ts';
import { checkChatRight, othersOf, writeDialog } from './places.ts';
import { actionsOfFile } from './send-action.ts';

/** A change of the answers of a poll in a basic group. */
export interface AnswersInput {
  ownerId: bigint;
  /** The marked id of the group. */
  peerId: bigint;
  msgId: number;
  change: AnswerChange;
  origin: Origin | undefined;
}

type AnswersDeps = Pick<BoxWriter, 'writeBoxes' | 'writeFoundBoxes'> & { random: Random; polls: Pick<Polls, 'changeAnswersIn'> };

/**
 * Adds an answer to the poll of a message or deletes one, and says so in the group.
 * @returns the owner's copy of the service message; undefined for a repeat
 * @throws RpcError MESSAGE_ID_INVALID, the errors of the rights, and as `Polls.changeAnswersIn`
 */
export function doChangeAnswers(deps: AnswersDeps, input: AnswersInput): Promise<MessageRow | undefined> {
  const { ownerId, peerId, change, origin } = input;
  return writeDialog(deps, { name: 'change-group-poll', action: 'send_plain' }, input, async ({ tx, boxes, date, places }) => {
    for (const action of change.kind === 'add' ? actionsOfFile(change.media) : []) await checkChatRight(tx, input, action, date);
    const own = await findMessage(tx.q, ownerId, input.msgId);
    if (own === undefined || own.peer_id !== peerId || hasFlag(own, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
    const action = await deps.polls.changeAnswersIn(tx, own, { actorId: ownerId, authorId: ownerId, placeId: peerId, change });
    if (action === undefined) return undefined;
    const copies = [own, ...(await findCopies(tx.q, othersOf(places), [own.global_id]))];
    const replyTo = new Map(copies.map((row) => [row.owner_id, row.msg_id]));
    return addNotice({ tx, boxes, date }, deps.random, { authorId: ownerId, places, extra: packMessageExtra({ action }), replyTo, expires: true, origin });
  });
}
