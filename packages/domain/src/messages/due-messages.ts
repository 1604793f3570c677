import { isDeepStrictEqual } from 'node:util';
import { unmarkPeer } from '@aerogram/cluster';
import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import type { Boxes, MessageRow, Origin } from '../events/index.ts';
import { renewScheduled } from './keep-scheduled.ts';
import { findSendable, removeSent, type ScheduledKey, type ScheduledRow } from './scheduled-store.ts';

/** A send was prepared from a scheduled message that is gone now, or was edited: nothing was sent. */
export class ScheduledChanged extends Error {
  override readonly name = 'ScheduledChanged';

  constructor() {
    super('the scheduled message is gone or was edited');
  }
}

const keyOf = ({ owner_id: owner, peer_id: peer, msg_id: msgId }: ScheduledKey): string => `${owner}:${peer}:${msgId}`;

/**
 * The scheduled messages that a batch of sends sends, as they are under the locks of their owners' boxes. All changes of a scheduled
 * message hold that lock, so between this reading and the commit nobody can edit, delete or send one of them.
 */
export class DueMessages {
  readonly #rows: Map<string, ScheduledRow>;
  readonly #sent: { row: ScheduledRow; message: MessageRow; origin: Origin | undefined }[] = [];

  private constructor(rows: readonly ScheduledRow[]) {
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
  }

  /** Reads scheduled messages; may be sent right behind the statement that locks the boxes. */
  static async find(tx: Tx, wanted: readonly ScheduledKey[]): Promise<DueMessages> {
    return new DueMessages(await findSendable(tx, wanted));
  }

  /** Whether a message still waits exactly as it was read before. */
  has(row: ScheduledRow): boolean {
    return isDeepStrictEqual(this.#rows.get(keyOf(row)), row);
  }

  /** Notes which message a scheduled one became. No other send of the batch can send it again. */
  noteSent(wanted: ScheduledKey, message: MessageRow, origin: Origin | undefined): void {
    const row = this.#rows.get(keyOf(wanted));
    // A repeat is answered with what the first send did, which has removed the row.
    if (row === undefined) return;
    this.#rows.delete(keyOf(wanted));
    this.#sent.push({ row, message, origin });
  }

  /** Removes what was sent, tells the owners' other devices what became of it, and schedules the next of what comes again. */
  async settle(tx: Tx, boxes: Boxes, random: Random, date: number): Promise<void> {
    if (this.#sent.length === 0) return;
    const rows = this.#sent.map(({ row }) => row);
    await removeSent(tx, rows);
    for (const { row, message, origin } of this.#sent) {
      const { owner_id: owner, peer_id: peer, msg_id: msgId } = row;
      boxes.addUpdate(owner, 0, date, origin, () => ({ _: 'updateDeleteScheduledMessages', peer: unmarkPeer(peer), messages: [msgId], sent_messages: [message.msg_id] }));
    }
    await renewScheduled(tx, boxes, rows, random, date);
  }
}
