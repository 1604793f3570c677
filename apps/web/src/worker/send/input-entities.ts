import type { tl } from '@mtcute/core';
import type { OutgoingMessage, TextEntity } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { writeEntities } from '../models/text.ts';

/** Writes the formatting of a text for the server. Mentions of people whom the account does not know are left out. */
export async function inputEntities(account: Account, entities: readonly TextEntity[] | undefined): Promise<tl.TypeMessageEntity[] | undefined> {
  const people = new Map<number, tl.TypeInputUser>();
  for (const { user } of entities ?? []) {
    const input = user === undefined ? undefined : await account.inputPeer(user).catch(() => undefined);
    if (input?._ === 'inputPeerUser') people.set(user!, { _: 'inputUser', userId: input.userId, accessHash: input.accessHash });
    if (input?._ === 'inputPeerSelf') people.set(user!, { _: 'inputUserSelf' });
  }
  const written = writeEntities(entities ?? [], (user) => people.get(user));
  return written.length === 0 ? undefined : written;
}

/** Names a message that is answered, for the server. */
export async function inputReply(
  account: Account,
  reply: Pick<OutgoingMessage, 'replyTo' | 'replyIn' | 'quote' | 'thread'>,
): Promise<tl.RawInputReplyToMessage | undefined> {
  const { replyIn, quote, thread } = reply;
  // What is written in a thread and answers nothing else there answers the message with which it began.
  const replyTo = reply.replyTo ?? thread;
  if (replyTo === undefined) return undefined;
  const quoted = quote && { quoteText: quote.text, quoteEntities: await inputEntities(account, quote.entities), quoteOffset: quote.at };
  return { _: 'inputReplyToMessage', replyToMsgId: replyTo, replyToPeerId: replyIn === undefined ? undefined : await account.inputPeer(replyIn), topMsgId: thread, ...quoted };
}
