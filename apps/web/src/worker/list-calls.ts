import Long from 'long';
import type { MessageId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { type MessageRow, readMessage } from './models/message.ts';

const PAGE = 50;
/** Pages that are deleted at most: the server counts what is left after each. */
const PAGES_MAX = 1000;

/** Lists the messages about calls in all private chats, from new to old. @param before lists those that are older than this one */
export async function listCalls(account: Account, before?: MessageId): Promise<{ rows: MessageRow[]; hasMore: boolean }> {
  const answer = await account.call({ _: 'messages.search', peer: { _: 'inputPeerEmpty' }, q: '', filter: { _: 'inputMessagesFilterPhoneCalls' }, minDate: 0, maxDate: 0, offsetId: before ?? 0, addOffset: 0, limit: PAGE, maxId: 0, minId: 0, hash: Long.ZERO });
  if (answer._ === 'messages.messagesNotModified') return { rows: [], hasMore: false };
  const rows = answer.messages.map((message) => readMessage(message, account.me)).filter((row) => row !== undefined).sort((first, second) => second.id - first.id);
  return { rows, hasMore: answer.messages.length >= PAGE };
}

/** Deletes all of them. @param forBoth for those who were called, or have called, too */
export async function deleteAllCalls(account: Account, forBoth: boolean): Promise<void> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const { pts, ptsCount, offset, messages } = await account.call({ _: 'messages.deletePhoneCallHistory', revoke: forBoth });
    account.apply({ _: 'updateDeleteMessages', messages, pts, ptsCount });
    if (offset === 0) return;
  }
}
