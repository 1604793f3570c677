import { isDeepStrictEqual } from 'node:util';
import { unmarkPeer } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';

import type { Boxes, MessageRow, Origin } from '../events/index.ts';
import { type RenewDeps, renewScheduled } from './keep-scheduled.ts';
import { findSendable, removeSent, type ScheduledKey, type ScheduledRow } from './scheduled-store.ts';

/** Thrown when the scheduled message that a send was prepared from has been deleted or edited meanwhile. Nothing was sent. */
export class ScheduledChanged extends Error {
  override readonly name = 'ScheduledChanged';

  constructor() {
    super('the scheduled message is gone or was edited');
  }
}

const keyOf = ({ owner_id: owner, peer_id: peer, msg_id: msgId }: ScheduledKey): string => `${owner}:${peer}:${msgId}`;

/**
 * The scheduled messages that a batch sends, as read under the locks of their owners' boxes. Every change of a scheduled message takes the
 * same lock, so nobody can edit, delete or send one of them between this read and the commit.
 */
export class DueMessages {
  readonly #rows: Map<string, ScheduledRow>;
  readonly #sent: { row: ScheduledRow; message: MessageRow; origin: Origin | undefined }[] = [];

  private constructor(rows: readonly ScheduledRow[]) {
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
  }

  /** Reads scheduled messages. May run in the same round trip as the statement that locks the boxes. */
  static async find(tx: Tx, wanted: readonly ScheduledKey[]): Promise<DueMessages> {
    return new DueMessages(await findSendable(tx, wanted));
  }

  /** Whether the message is still scheduled and unchanged since `row` was read. */
  has(row: ScheduledRow): boolean {
    return isDeepStrictEqual(this.#rows.get(keyOf(row)), row);
  }

  /** Records the message that a scheduled message became. No other send of the batch can send it again. */
  noteSent(wanted: ScheduledKey, message: MessageRow, origin: Origin | undefined): void {
    const row = this.#rows.get(keyOf(wanted));
    // A repeated send is answered with the message of the first send, which has deleted the row already.
    if (row === undefined) return;
    this.#rows.delete(keyOf(wanted));
    this.#sent.push({ row, message, origin });
  }

  /**
   * Deletes the sent rows, sends `updateDeleteScheduledMessages` to the owners' other devices, and schedules the next message of each
   * repeating one.
   */
  async settle(tx: Tx, boxes: Boxes, deps: RenewDeps, date: number): Promise<void> {
    if (this.#sent.length === 0) return;
    const rows = this.#sent.map(({ row }) => row);
    await removeSent(tx, rows);
    for (const { row, message, origin } of this.#sent) {
      const { owner_id: owner, peer_id: peer, msg_id: msgId } = row;
      boxes.addUpdate(owner, { ptsCount: 0, date, origin }, () => ({ _: 'updateDeleteScheduledMessages', peer: unmarkPeer(peer), messages: [msgId], sent_messages: [message.msg_id] }));
    }
    await renewScheduled({ tx, boxes, date }, rows, deps);
  }
}
