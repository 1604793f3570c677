import type { Bus } from '@aerogram/bus';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { boxesOfDialog, otherBoxOf } from '../peers/boxes-of-dialog.ts';
import type { Origin } from '../updates/box-event.ts';
import { Boxes } from '../updates/box-store.ts';
import type { FormattedText } from './check-text.ts';
import { findCopy, findMessage } from './find-messages.ts';
import { packMessageExtra, unpackMessageExtra } from './message-extra.ts';
import { hasFlag, MessageFlag } from './message-row.ts';
import type { MessageRow } from './message-row.ts';
import { updateMessage } from './message-store.ts';

/** How long a message may be edited; clients learn it from help.getConfig (`edit_time_limit`). */
const EDIT_TIME_LIMIT_S = 48 * 3600;

export interface MessageEdit {
  ownerId: bigint;
  /** Marked peer of the dialog. */
  peerId: bigint;
  msgId: number;
  text: FormattedText;
  noWebpage: boolean;
  invertMedia: boolean;
  origin: Origin | undefined;
}

/** The owner's copy after the edit and the position of the event. */
export interface EditOutcome {
  row: MessageRow;
  pts: number;
}

/**
 * Changes the text of a message that the owner wrote, in every box that still has it.
 * @throws RpcError MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED (48 h; not in Saved Messages),
 * MESSAGE_NOT_MODIFIED
 */
export function doEditMessage(
  deps: { db: Database; bus: Bus; clock: Clock },
  edit: MessageEdit,
): Promise<EditOutcome> {
  const { ownerId, peerId, origin } = edit;
  const other = otherBoxOf(ownerId, peerId);
  return deps.db.transact('edit-message', async (tx) => {
    const boxes = await Boxes.open(tx, deps.bus, boxesOfDialog(ownerId, peerId));
    const date = deps.clock.now();
    const own = await findMessage(tx.q, ownerId, edit.msgId);
    checkEditable(own, edit, date);
    const row = applyEdit(own, edit, date);
    if (row.text === own.text && row.flags === own.flags && sameBytes(row.extra, own.extra)) {
      throw rpcError('MESSAGE_NOT_MODIFIED');
    }
    await updateMessage(tx, row);
    const pts = boxes.addEdit(ownerId, row, date, origin);
    const copy = other === undefined ? undefined : await findCopy(tx.q, other, own.global_id);
    if (copy) {
      const edited = applyEdit(copy, edit, date);
      await updateMessage(tx, edited);
      boxes.addEdit(copy.owner_id, edited, date, undefined);
    }
    boxes.flush();
    return { row, pts };
  });
}

function checkEditable(own: MessageRow | undefined, edit: MessageEdit, date: number): asserts own is MessageRow {
  if (own === undefined || own.peer_id !== edit.peerId || hasFlag(own, MessageFlag.service)) {
    throw rpcError('MESSAGE_ID_INVALID');
  }
  const isForwarded = unpackMessageExtra(own.extra).fwdFrom !== undefined;
  if (own.from_id !== edit.ownerId || isForwarded) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  if (edit.peerId !== edit.ownerId && date - own.date > EDIT_TIME_LIMIT_S) throw rpcError('MESSAGE_EDIT_TIME_EXPIRED');
}

function applyEdit(row: MessageRow, edit: MessageEdit, date: number): MessageRow {
  const { entities } = edit.text;
  const set = (edit.noWebpage ? MessageFlag.noWebpage : 0) | (edit.invertMedia ? MessageFlag.invertMedia : 0);
  return {
    ...row,
    text: edit.text.text,
    flags: (row.flags & ~(MessageFlag.noWebpage | MessageFlag.invertMedia)) | set,
    extra: packMessageExtra({ ...unpackMessageExtra(row.extra), entities: entities.length > 0 ? entities : undefined }),
    edit_date: date,
  };
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
