import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import { Outbox } from '../src/worker/send/outbox.ts';
import type { Store } from '../src/worker/store/store.ts';
import { GENERAL_TOPIC } from '../src/protocol/index.ts';
import { makeChat, makeContext, makePeer, SELF } from './made.ts';

const FORUM = -1_000_000_000_009;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

interface Call {
  name: string;
  text: string;
  clearDraft?: boolean;
  replyTo?: tl.TypeInputReplyTo;
  answer(value: unknown): void;
}

/** An outbox whose calls wait until the test answers them. */
async function makeOutbox(): Promise<{ outbox: Outbox; store: Store; calls: Call[] }> {
  const { store, context } = await makeContext();
  store.setChat(makeChat(5));
  const calls: Call[] = [];
  const account = {
    store,
    context,
    me: SELF,
    database: { flush: () => Promise.resolve() },
    client: { handleClientUpdate: () => undefined },
    take: () => undefined,
    inputPeer: (): Promise<tl.TypeInputPeer> => Promise.resolve({ _: 'inputPeerEmpty' }),
    call: (request: tl.messages.RawSaveDraftRequest | tl.messages.RawSendMessageRequest) =>
      new Promise((answer) => calls.push({ name: request._, text: request.message, replyTo: request.replyTo, clearDraft: 'clearDraft' in request ? request.clearDraft : undefined, answer })),
  };
  return { outbox: new Outbox(account as unknown as Account), store, calls };
}

const draft = (text: string): { text: string; entities: [] } => ({ text, entities: [] });
const SENT: tl.RawUpdateShortSentMessage = { _: 'updateShortSentMessage', id: 9, pts: 1, ptsCount: 1, date: 1, out: true };
const names = (calls: readonly Call[]): string[] => calls.map(({ name, text }) => `${name} ${text}`);

describe('drafts', () => {
  test('a text is sent after the draft that is being stored, which is a draft no more', async () => {
    const { outbox, store, calls } = await makeOutbox();
    const saved = outbox.drafts.save(5, draft('half'));
    await expect.poll(() => names(calls)).toEqual(['messages.saveDraft half']);
    const late = outbox.drafts.save(5, draft('half a'));
    await outbox.send({ peer: 5, ...draft('half a text') });
    calls[0]!.answer(true);
    await Promise.all([saved, late]);
    // What waited for its turn is not stored any more.
    await expect.poll(() => names(calls)).toEqual(['messages.saveDraft half', 'messages.sendMessage half a text']);
    expect(store.chats.get(5)?.draft).toBeUndefined();
  });

  test('what is written after a text is stored after the text was sent', async () => {
    const { outbox, store, calls } = await makeOutbox();
    await outbox.send({ peer: 5, ...draft('a text') });
    await expect.poll(() => names(calls)).toEqual(['messages.sendMessage a text']);
    const saved = outbox.drafts.save(5, draft('the next one'));
    const elsewhere = outbox.drafts.save(6, draft('to somebody else'));
    await expect.poll(() => names(calls).slice(1)).toEqual(['messages.saveDraft to somebody else']);
    calls[0]!.answer(SENT);
    await expect.poll(() => names(calls).slice(2)).toEqual(['messages.saveDraft the next one']);
    for (const { answer } of calls) answer(true);
    await Promise.all([saved, elsewhere]);
    expect(store.chats.get(5)?.draft?.text).toBe('the next one');
  });

  test('a text that waits for another one does not delete what was stored after it was written', async () => {
    const { outbox, calls } = await makeOutbox();
    await outbox.send({ peer: 5, ...draft('one') });
    await outbox.send({ peer: 5, ...draft('two') });
    await expect.poll(() => names(calls)).toEqual(['messages.sendMessage one']);
    const saved = outbox.drafts.save(5, draft('three'));
    calls[0]!.answer(SENT);
    await expect.poll(() => names(calls).slice(1)).toEqual(['messages.saveDraft three']);
    calls[1]!.answer(true);
    await saved;
    await expect.poll(() => names(calls).slice(2)).toEqual(['messages.sendMessage two']);
    expect(calls.map(({ clearDraft }) => clearDraft)).toEqual([true, undefined, false]);
  });

  test('each topic of a forum has its own; that of General is that of the group', async () => {
    const { outbox, store, calls } = await makeOutbox();
    store.setPeer(makePeer(FORUM, { kind: 'supergroup', isForum: true }));
    store.setChat(makeChat(FORUM));
    const topic = { peer: FORUM, id: 10, title: 'Plans', colour: 1, topId: 10, date: 1, unread: 0, mentions: 0, readInboxId: 0, readOutboxId: 0 };
    store.topics.set(topic);
    const saved = [outbox.drafts.save(FORUM, draft('half'), 10), outbox.drafts.save(FORUM, draft('all'))];
    await expect.poll(() => names(calls)).toEqual(['messages.saveDraft half', 'messages.saveDraft all']);
    for (const { answer } of calls) answer(true);
    await Promise.all(saved);
    expect([store.topics.get(FORUM, 10)?.draft?.text, store.chats.get(FORUM)?.draft?.text]).toEqual(['half', 'all']);
    await outbox.send({ peer: FORUM, thread: 10, ...draft('half of it') });
    expect([store.topics.get(FORUM, 10)?.draft, store.chats.get(FORUM)?.draft?.text]).toEqual([undefined, 'all']);
    await outbox.send({ peer: FORUM, thread: GENERAL_TOPIC, ...draft('all of it') });
    await expect.poll(() => names(calls).slice(2)).toEqual(['messages.sendMessage half of it']);
    calls[2]!.answer(SENT);
    await expect.poll(() => names(calls).slice(3)).toEqual(['messages.sendMessage all of it']);
    const inTopic = { _: 'inputReplyToMessage', replyToMsgId: 10, topMsgId: 10 };
    expect(calls.map(({ replyTo }) => replyTo)).toEqual([inTopic, undefined, inTopic, undefined]);
    expect([calls[2]?.clearDraft, calls[3]?.clearDraft]).toEqual([true, true]);
  });

  test('an answer to a message of a topic is written there, whatever is open', async () => {
    const { outbox, store, calls } = await makeOutbox();
    store.setPeer(makePeer(FORUM, { kind: 'supergroup', isForum: true }));
    store.setChat(makeChat(FORUM));
    store.putMessage({ key: '30', id: 30, peer: FORUM, from: 7, date: 1, isOut: false, text: 'asked', topic: 10 });
    await outbox.send({ peer: FORUM, replyTo: 30, ...draft('answered') });
    expect(store.outgoing(FORUM)[0]).toMatchObject({ topic: 10, replyTo: { id: 30 } });
    await expect.poll(() => calls[0]?.replyTo).toEqual({ _: 'inputReplyToMessage', replyToMsgId: 30, topMsgId: 10 });
    // What was written is the draft of the group, which the server does not delete with a text of the topic.
    expect(calls[0]?.clearDraft).toBe(false);
    calls[0]!.answer(SENT);
    await expect.poll(() => names(calls).slice(1)).toEqual(['messages.saveDraft ']);
  });
});
