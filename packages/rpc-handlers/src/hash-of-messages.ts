import type { MessageRow } from '@aerogram/domain';

import { hashOf } from './hash-of.ts';

/** Hash of ids and edit dates: a client that has an older text never gets "not modified". */
export function hashOfMessages(rows: readonly MessageRow[]): bigint {
  return hashOf(
    rows.flatMap((row) => (row.edit_date === null ? [row.msg_id] : [row.msg_id, row.edit_date])).map((value) => BigInt(value)),
  );
}
