import type { tl } from '@aerogram/tl';

import { hashOf } from './hash-of.ts';

/** Answers with custom emoji as statuses. */
export function answerStatuses(ids: readonly bigint[], known: bigint): tl.account.EmojiStatuses {
  const hash = hashOf(ids);
  if (hash === known && known !== 0n) return { _: 'account.emojiStatusesNotModified' };
  return { _: 'account.emojiStatuses', hash, statuses: ids.map((document_id) => ({ _: 'emojiStatus', document_id })) };
}
