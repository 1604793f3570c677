import type { MessageRow } from '@aerogram/domain';

import { hashOf } from '../hash-of.ts';

/** Hash over ids, and over the dates of edits where there are any: whoever saw an older text never gets "not modified". */
export function hashOfMessages(rows: readonly MessageRow[]): bigint {
  return hashOf(
    rows.flatMap((row) => (row.edit_date === null ? [row.msg_id] : [row.msg_id, row.edit_date])).map((value) => BigInt(value)),
  );
}
