import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { packPlain, unpackPlain } from '../../src/effects/effect.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../../src/events/message-row.ts';
import { messageKind } from '../../src/messages/message-effect.ts';
import type { OutgoingPart } from '../../src/messages/outgoing.ts';
import { errorOf } from './accounts-world.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

describe('messages to somebody in another data centre', () => {
  let stage: HomesStage;
  let anna: bigint;
  let zoe: bigint;
  let ben: bigint;
  let cleo: bigint;
  let randomId = 1000n;
  beforeAll(async () => {
    stage = await openHomes();
    ({ anna, zoe, ben, cleo } = stage);
    await stage.meet(anna, cleo);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** The newest message with somebody elsewhere, once all has arrived. */
  const arrived = async (owner: bigint, peerId: bigint): Promise<MessageRow> => {
    await stage.carry();
    return (await stage.dialog(owner, peerId)).at(-1)!;
  };
  const extraOf = (row: MessageRow) => unpackMessageExtra(row.extra);
  const forward = async (from: bigint, to: bigint, actor: bigint, msgIds: number[]): Promise<OutgoingPart[]> => {
    const { domain } = stage.homeOf(actor);
    const parts = await domain.forwards.prepare(await stage.peer(actor, from), { ownerId: actor, toPeerId: to, msgIds, randomIds: msgIds.map(() => ++randomId), silent: false, noforwards: false, dropAuthor: false, dropCaptions: false });
    await domain.messages.doSendOutgoing(await stage.peer(actor, to), { senderId: actor, parts, origin: undefined });
    return parts;
  };

  it('arrive once, under the same name, and say which message they are for the sender', async () => {
    const sent = await stage.send(anna, ben, 'hello over there');
    expect(await stage.dialog(ben, anna)).toEqual([]);
    await stage.carry();
    const copy = await arrived(ben, anna);
    expect(await stage.dialog(ben, anna)).toHaveLength(1);
    expect(copy).toMatchObject({ text: 'hello over there', global_id: sent.global_id, from_id: anna, date: sent.date });
    expect(hasFlag(copy, MessageFlag.out)).toBe(false);
    expect(extraOf(copy).peerMsgId).toBe(sent.msg_id);
    expect(await stage.one.db.q.selectFrom('messages').selectAll().where('owner_id', '=', ben).execute()).toEqual([]);
    const dialog = await stage.two.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', ben).where('peer_id', '=', anna).executeTakeFirstOrThrow();
    expect(dialog).toMatchObject({ unread_count: 1, msg_count: 1, top_msg_id: copy.msg_id });
  });

  it('are refused while too much waits for that data centre, which keeps nothing', async () => {
    const before = await stage.dialog(anna, ben);
    stage.setFull(1, true);
    expect(await errorOf(stage.send(anna, ben, 'too much'))).toBe('INTERDC_2_CALL_ERROR');
    stage.setFull(1, false);
    expect(await stage.dialog(anna, ben)).toEqual(before);
  });

  it('reply to messages of both, also to one that has not arrived yet, and quote them', async () => {
    const question = await stage.send(anna, ben, 'who comes at noon?');
    await stage.send(anna, ben, 'I mean noon', { reply: { msgId: question.msg_id, quote: { _: 'messageReplyHeader', quote: true, quote_text: 'noon' } } });
    const second = await arrived(ben, anna);
    const first = (await stage.dialog(ben, anna)).find((row) => row.global_id === question.global_id)!;
    expect(second.reply_to_msg_id).toBe(first.msg_id);
    expect(extraOf(second).replyTo).toMatchObject({ quote: true, quote_text: 'noon' });
    await stage.send(ben, anna, 'me', { reply: { msgId: first.msg_id, quote: undefined } });
    expect((await arrived(anna, ben)).reply_to_msg_id).toBe(question.msg_id);
  });

  it('lose a reply to what the receiver has deleted', async () => {
    const gone = await stage.send(anna, ben, 'soon gone');
    const copy = await arrived(ben, anna);
    await stage.two.domain.messages.doDelete({ ownerId: ben, msgIds: [copy.msg_id], revoke: false, origin: undefined });
    await stage.send(anna, ben, 'about that', { reply: { msgId: gone.msg_id, quote: { _: 'messageReplyHeader', quote: true, quote_text: 'soon' } } });
    const late = await arrived(ben, anna);
    expect(late).toMatchObject({ text: 'about that', reply_to_msg_id: null });
    expect(extraOf(late).replyTo).toBeUndefined();
  });

  it('keep their entities, and mentions of those who are known there', async () => {
    const text = 'bold code https://example.org Ben Cleo Zoe @someone_there';
    const entities: tl.MessageEntity[] = [
      { _: 'messageEntityBold', offset: 0, length: 4 },
      { _: 'messageEntityPre', offset: 5, length: 4, language: 'ts' },
      { _: 'messageEntityUrl', offset: 10, length: 19 },
      { _: 'messageEntityMentionName', offset: 30, length: 3, user_id: ben },
      { _: 'messageEntityMentionName', offset: 34, length: 4, user_id: cleo },
      { _: 'messageEntityMentionName', offset: 39, length: 3, user_id: zoe },
      { _: 'messageEntityMention', offset: 43, length: 14 },
    ];
    await stage.send(anna, ben, text, { text: { text, entities } });
    const copy = await arrived(ben, anna);
    expect(copy.text).toBe(text);
    expect(extraOf(copy).entities).toEqual(entities.filter((entity) => entity._ !== 'messageEntityMentionName' || entity.user_id !== zoe));
  });

  it('keep their options', async () => {
    await stage.send(anna, ben, 'quietly', { silent: true, noforwards: true, noWebpage: true, invertMedia: true });
    expect((await arrived(ben, anna)).flags).toBe(MessageFlag.silent | MessageFlag.noforwards | MessageFlag.noWebpage | MessageFlag.invertMedia);
  });

  it('forward texts, with the author by id only if both homes know that person', async () => {
    await stage.send(zoe, anna, 'from Zoe');
    await stage.send(cleo, anna, 'from Cleo');
    await stage.carry();
    const ofZoe = (await stage.dialog(anna, zoe)).at(-1)!;
    const ofCleo = (await stage.dialog(anna, cleo)).at(-1)!;
    await forward(zoe, ben, anna, [ofZoe.msg_id]);
    expect(extraOf(await arrived(ben, anna)).fwdFrom).toEqual({ _: 'messageFwdHeader', from_name: 'Zoe', date: ofZoe.date });
    await forward(cleo, ben, anna, [ofCleo.msg_id]);
    expect(extraOf(await arrived(ben, anna)).fwdFrom).toEqual({ _: 'messageFwdHeader', from_id: { _: 'peerUser', user_id: cleo }, date: ofCleo.date });
    const own = await stage.send(anna, zoe, 'my own');
    await forward(zoe, ben, anna, [own.msg_id]);
    expect(extraOf(await arrived(ben, anna)).fwdFrom?.from_id).toEqual({ _: 'peerUser', user_id: anna });
  });

  it('forward an author who lives there by name if the rules of that person say so', async () => {
    await stage.send(cleo, anna, 'do not link me');
    await stage.carry();
    await stage.two.domain.privacy.doSetRules(cleo, 'Forwards', [{ kind: 'DisallowAll', ids: [] }], undefined);
    await forward(cleo, ben, anna, [(await stage.dialog(anna, cleo)).at(-1)!.msg_id]);
    expect(extraOf(await arrived(ben, anna)).fwdFrom).toMatchObject({ from_name: 'Cleo' });
    expect(extraOf(await arrived(ben, anna)).fwdFrom?.from_id).toBeUndefined();
  });

  it('reply to a message of another chat, which they repeat without naming who is not known there', async () => {
    const said = await stage.send(zoe, anna, 'what Zoe said');
    const ofZoe = (await stage.dialog(anna, zoe)).find((row) => row.global_id === said.global_id)!;
    const replyHeader = await stage.one.domain.forwards.prepareReply(anna, await stage.peer(anna, zoe), { msgId: ofZoe.msg_id, quote: undefined });
    await stage.send(anna, ben, 'hear this', { replyHeader });
    const copy = await arrived(ben, anna);
    expect(copy.reply_to_msg_id).toBeNull();
    expect(extraOf(copy).replyTo).toMatchObject({ quote_text: 'what Zoe said', reply_from: { from_name: 'Zoe', from_id: undefined } });
  });

  it('go several in one call, with their replies to each other', async () => {
    const first = await stage.send(zoe, anna, 'question');
    const answer = await stage.send(anna, zoe, 'answer', { reply: { msgId: (await stage.dialog(anna, zoe)).at(-1)!.msg_id, quote: undefined } });
    await forward(zoe, ben, anna, [(await stage.dialog(anna, zoe)).find((row) => row.global_id === first.global_id)!.msg_id, answer.msg_id]);
    await stage.carry();
    const [one, two] = (await stage.dialog(ben, anna)).slice(-2);
    expect([one!.text, two!.text]).toEqual(['question', 'answer']);
    expect(two!.reply_to_msg_id).toBe(one!.msg_id);
  });

  it('are answered as repeats, and arrive once', async () => {
    const sent = await stage.send(anna, ben, 'once', { randomId: 77n });
    expect((await stage.send(anna, ben, 'once', { randomId: 77n })).msg_id).toBe(sent.msg_id);
    await stage.carry();
    expect((await stage.dialog(ben, anna)).filter((row) => row.text === 'once')).toHaveLength(1);
  });

  it('are withheld from a receiver who has blocked the sender, also while the block is on its way', async () => {
    const before = (await stage.dialog(ben, anna)).length;
    await stage.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined);
    expect(await stage.send(anna, ben, 'withheld')).toMatchObject({ text: 'withheld' });
    await stage.carry();
    expect(await stage.dialog(ben, anna)).toHaveLength(before);
    expect(await errorOf(stage.send(ben, anna, 'refused'))).toBe('YOU_BLOCKED_USER');
    expect(await stage.send(anna, ben, 'withheld again')).toMatchObject({ text: 'withheld again' });
    await stage.carry();
    expect(await stage.dialog(ben, anna)).toHaveLength(before);
  });

  it('arrive after the receiver has unblocked the sender, also while the end of the block is on its way', async () => {
    await stage.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined);
    await stage.carry();
    await stage.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: false }, undefined);
    const sent = await stage.send(anna, ben, 'welcome again');
    await stage.one.domain.messages.doEdit(await stage.peer(anna, ben), { ownerId: anna, msgId: sent.msg_id, text: { text: 'welcome, edited', entities: [] }, noWebpage: false, invertMedia: false, origin: undefined });
    await stage.carry();
    expect((await stage.dialog(ben, anna)).at(-1)).toMatchObject({ text: 'welcome, edited' });
  });

  it('bring the chat out of the archive, and have no lifetime', async () => {
    await stage.two.domain.dialogs.doMoveToFolders(ben, new Map([[anna, 1]]), undefined);
    await stage.one.db.transact('set-default-ttl', (tx) => tx.q.insertInto('chat_settings').values({ owner_id: zoe, default_ttl_period: 86_400 }).execute());
    await stage.meet(zoe, ben);
    await stage.send(anna, ben, 'look here');
    await stage.send(zoe, ben, 'first message');
    await stage.carry();
    expect(await stage.dialog(zoe, ben)).toMatchObject([{ text: 'first message', ttl_period: null }]);
    expect(await stage.dialog(ben, zoe)).toMatchObject([{ text: 'first message', ttl_period: null }]);
    const dialog = await stage.two.db.q.selectFrom('dialogs').select('folder_id').where('owner_id', '=', ben).where('peer_id', '=', anna).executeTakeFirstOrThrow();
    expect(dialog.folder_id).toBe(0);
  });

  it('go at their date if they were scheduled, and clear the draft', async () => {
    const { domain, clock } = stage.one;
    const peer = await stage.peer(anna, ben);
    const parts = [{ randomId: ++randomId, text: 'later', flags: 0, extra: {} }];
    await domain.scheduled.doSchedule(peer, { senderId: anna, parts, origin: undefined }, { date: clock.now() + 60, repeatPeriod: undefined });
    await domain.dialogs.doSaveDraft(anna, { peerId: ben, topId: undefined }, { _: 'draftMessage', message: 'draft', date: clock.now() }, undefined);
    await clock.advance(61_000);
    await stage.two.clock.advance(61_000);
    await stage.one.db.transact('due-now', (tx) => tx.q.updateTable('jobs').set({ run_ms: 0n }).where('kind', '=', 'send-scheduled').execute());
    await stage.one.runJobs();
    expect(await arrived(ben, anna)).toMatchObject({ text: 'later', flags: MessageFlag.fromScheduled });
    expect((await domain.dialogs.findDraft(anna, { peerId: ben, topId: undefined }))?.message).toBe('draft');
    await stage.send(anna, ben, 'now', { clearsDraft: true });
    expect(await domain.dialogs.findDraft(anna, { peerId: ben, topId: undefined })).toBeUndefined();
  });

  it('stay with their author, who is told once why, if they were scheduled and the home of the receiver was removed meanwhile', async () => {
    await using left = await openHomes();
    const { one } = left;
    const parts = [{ randomId: ++randomId, text: 'too late', flags: 0, extra: {} }];
    await one.domain.scheduled.doSchedule(await left.peer(left.anna, left.ben), { senderId: left.anna, parts, origin: undefined }, { date: one.clock.now() + 60, repeatPeriod: undefined });
    left.removeOther(1);
    await one.clock.advance(61_000);
    await one.db.transact('due-now', (tx) => tx.q.updateTable('jobs').set({ run_ms: 0n }).where('kind', '=', 'send-scheduled').execute());
    await one.runJobs();
    expect(await one.db.q.selectFrom('jobs').select('kind').where('kind', '=', 'send-scheduled').execute()).toEqual([]);
    expect(await one.domain.scheduled.list(left.anna, left.ben)).toMatchObject([{ text: 'too late', refused_date: expect.any(Number) as number }]);
    const notices = (await left.dialog(left.anna, 777000n)).filter(({ text }) => text.includes('too late'));
    expect(notices.map(({ text }) => text)).toEqual([expect.stringMatching(/message to Ben.* was not sent because they cannot be reached from here any more/)]);
  });

  it('are texts only', async () => {
    const before = await stage.dialog(anna, ben);
    const peer = await stage.peer(anna, ben);
    const { messages, scheduled } = stage.one.domain;
    const media: tl.MessageMedia = { _: 'messageMediaContact', phone_number: '1', first_name: 'A', last_name: '', vcard: '', user_id: 0n };
    const part = { randomId: ++randomId, text: '', flags: 0, extra: { media } };
    expect(await errorOf(messages.doSendOutgoing(peer, { senderId: anna, parts: [part], origin: undefined }))).toBe('CHAT_SEND_MEDIA_FORBIDDEN');
    expect(await errorOf(scheduled.doSchedule(peer, { senderId: anna, parts: [part], origin: undefined }, { date: stage.one.clock.now() + 60, repeatPeriod: undefined }))).toBe('CHAT_SEND_MEDIA_FORBIDDEN');
    const service = { randomId: ++randomId, text: '', flags: MessageFlag.service, extra: { action: { _: 'messageActionScreenshotTaken' } as const } };
    expect(await errorOf(messages.doSendOutgoing(peer, { senderId: anna, parts: [service], origin: undefined }))).toBe('PEER_ID_INVALID');
    expect(await stage.dialog(anna, ben)).toEqual(before);
  });

  it('have as many UTF-16 units as an older program accepts; one that has more characters of two units is read', async () => {
    const peer = await stage.peer(anna, ben);
    const { messages, scheduled } = stage.one.domain;
    const send = (text: string): Promise<string | undefined> => errorOf(messages.doSendOutgoing(peer, { senderId: anna, parts: [{ randomId: ++randomId, text, flags: 0, extra: {} }], origin: undefined }));
    expect(await send('😀'.repeat(2049))).toBe('MESSAGE_TOO_LONG');
    const part = { randomId: ++randomId, text: '😀'.repeat(2049), flags: 0, extra: {} };
    expect(await errorOf(scheduled.doSchedule(peer, { senderId: anna, parts: [part], origin: undefined }, { date: stage.one.clock.now() + 60, repeatPeriod: undefined }))).toBe('MESSAGE_TOO_LONG');
    await send('😀'.repeat(2048));
    const copy = await arrived(ben, anna);
    expect(copy.text).toBe('😀'.repeat(2048));
    const edit = { ownerId: ben, noWebpage: false, invertMedia: false, origin: undefined, text: { text: '😀'.repeat(2049), entities: [] } };
    const own = await stage.send(ben, anna, 'short');
    expect(await errorOf(stage.two.domain.messages.doEdit(await stage.peer(ben, anna), { ...edit, msgId: own.msg_id }))).toBe('MESSAGE_TOO_LONG');
    const effect = { kind: 'message', from: anna, to: ben, globalId: 1n, msgId: 1, randomId: 1n, date: 1, flags: 0 } as const;
    const readBy = (text: string): string => unpackPlain(messageKind.schema, packPlain({ ...effect, text })).text;
    expect(readBy('😀'.repeat(4096))).toHaveLength(8192);
    expect(() => readBy('a'.repeat(8193))).toThrow();
  });
});

it('links from people elsewhere are fetched from their own quota, not from that of the receiver', async () => {
  const fetchPage = (url: string) => Promise.resolve({ url, title: 'A page' } as never);
  await using stage = await openHomes({ hasLimits: () => true, pageFetcher: { fetchPage, fetchPicture: () => Promise.resolve(undefined), fetchFile: () => Promise.resolve(undefined) } });
  const { anna, ben, zoe } = stage;
  const sendLink = (from: bigint, to: bigint, url: string) => stage.send(from, to, '', { text: { text: url, entities: [{ _: 'messageEntityUrl', offset: 0, length: url.length }] } });
  const hasPreview = (row: MessageRow): boolean => unpackMessageExtra(row.extra).media?._ === 'messageMediaWebPage';
  for (let n = 0; n < 40; n++) await sendLink(ben, anna, `https://site${n}.example.com/`);
  await stage.carry();
  const links = await stage.dialog(anna, ben);
  expect([links.filter(hasPreview).length, links.length]).toEqual([30, 40]);
  expect(hasPreview(await sendLink(anna, zoe, 'https://mine.example.org/'))).toBe(true);
});
