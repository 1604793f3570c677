import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';

/** All messages of a chat, service messages too, as an account has them now, newest first. */
export async function readHistory(account: RawAccount, peer: tl.InputPeer): Promise<(tl.message | tl.messageService)[]> {
  const found: (tl.message | tl.messageService)[] = [];
  for (let offset_id = 0; ; ) {
    const page = { offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n };
    const answer = await account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, ...page });
    if (answer._ === 'messages.messagesNotModified') throw new Error('getHistory answers that nothing changed');
    for (const message of answer.messages) if (message._ !== 'messageEmpty') found.push(message);
    const last = answer.messages.at(-1);
    if (last === undefined) return found;
    offset_id = last.id;
  }
}
