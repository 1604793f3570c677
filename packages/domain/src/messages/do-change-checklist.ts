import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { applyListChange, checkListChange, type ListChange, listIn } from '../checklists/index.ts';
import { type BoxWriter, MessageFlag, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { addNotice } from './add-notice.ts';
import { findCopies, findMessage } from './find-messages.ts';
import { updateMessages } from './message-store.ts';
import { othersOf, writeDialog } from './places.ts';

/** A change of a checklist in a private chat or basic group. */
export interface ChecklistInput {
  ownerId: bigint;
  /** Marked peer of the dialog. */
  peerId: bigint;
  msgId: number;
  change: ListChange;
  origin: Origin | undefined;
}

/** What a change of a checklist did in the actor's box. */
export interface ChecklistOutcome {
  /** The message with the list, as it is now. */
  row: MessageRow;
  /** The pts of its event. */
  pts: number;
  /** The service message about it; undefined where nobody else gets one: in Saved Messages, and if one of two people blocked the other. */
  notice: MessageRow | undefined;
}

/**
 * Ticks and unticks tasks of a checklist, or adds tasks, in every copy of the message, and says so in the chat. A repeat changes nothing.
 * Each copy is changed as it is: copies differ after a block, and none loses what was done in it.
 * @returns undefined if nothing changed
 * @throws RpcError as `checkListChange`, and the errors of the rights
 */
export function doChangeChecklist(deps: Pick<BoxWriter, 'writeBoxes' | 'writeFoundBoxes'> & { random: Random }, input: ChecklistInput): Promise<ChecklistOutcome | undefined> {
  const { ownerId, peerId, change, origin } = input;
  return writeDialog(deps, { name: 'change-checklist', nameInGroup: 'change-group-checklist', action: 'send_plain' }, input, async ({ tx, boxes, date, places }) => {
    const own = await findMessage(tx.q, ownerId, input.msgId);
    if (own === undefined || own.peer_id !== peerId) throw rpcError('MESSAGE_ID_INVALID');
    const actor = { peer: unmarkPeer(ownerId), isOwn: own.from_id === ownerId, nowDate: date };
    const made = applyListChange(checkListChange(own, change, actor), change, actor);
    if (made === undefined) return undefined;
    const row = withShown(own, made.media, date);
    const others = await findCopies(tx.q, othersOf(places), [own.global_id]);
    const changed = others.flatMap((copy) => {
      const list = listIn(copy);
      const after = list && applyListChange(list, change, actor);
      return after === undefined ? [] : [withShown(copy, after.media, date)];
    });
    await updateMessages(tx, [row, ...changed]);
    const pts = boxes.addEdit(ownerId, row, date, origin);
    for (const copy of changed) boxes.addEdit(copy.owner_id, copy, date, undefined);
    if (places.length < 2) return { row, pts, notice: undefined };
    const replyTo = new Map([own, ...others].map((copy) => [copy.owner_id, copy.msg_id]));
    const notice = await addNotice({ tx, boxes, date }, deps.random, { authorId: ownerId, places, extra: packMessageExtra({ action: made.action }), replyTo, expires: true, origin });
    return { row, pts, notice };
  });
}

/** A message whose media show something new, although nobody has edited what it says: clients do not show it as "edited" unless they did before. Pure. */
export function withShown<R extends MessageRow>(row: R, media: tl.MessageMedia, date: number): R {
  const flags = row.edit_date === null ? row.flags | MessageFlag.editHide : row.flags;
  return { ...row, flags, extra: packMessageExtra({ ...unpackMessageExtra(row.extra), media }), edit_date: date };
}
