import { defineStatement, type Tx } from '@aerogram/storage';

import { messageColumns, type MessageRow } from '../events/index.ts';

/** One person's copy of a message. All copies of a message have the same global id. */
export interface BoxedId {
  ownerId: bigint;
  globalId: bigint;
}

const findRows = defineStatement<MessageRow>(
  'find_boxed',
  `SELECT ${messageColumns('m')} FROM unnest($1::bigint[], $2::bigint[]) AS w (w_owner, w_global)
     JOIN messages m ON m.owner_id = w.w_owner AND m.global_id = w.w_global`,
);

/** Copies of messages, found by their owners and global ids. */
export class BoxedMessages {
  readonly #rows: Map<string, MessageRow>;

  private constructor(rows: readonly MessageRow[]) {
    this.#rows = new Map(rows.map((row) => [`${row.owner_id}:${row.global_id}`, row]));
  }

  /** Reads messages. If the boxes are locked, the result holds until the commit. */
  static async find(tx: Tx, wanted: readonly BoxedId[]): Promise<BoxedMessages> {
    const { rows } = await tx.run(findRows, [wanted.map(({ ownerId }) => ownerId), wanted.map(({ globalId }) => globalId)]);
    return new BoxedMessages(rows);
  }

  /** The copy of a message that is in somebody's box. */
  get(ownerId: bigint, globalId: bigint): MessageRow | undefined {
    return this.#rows.get(`${ownerId}:${globalId}`);
  }

  /** Notes a message that the transaction has added. */
  add(row: MessageRow): void {
    this.#rows.set(`${row.owner_id}:${row.global_id}`, row);
  }
}
