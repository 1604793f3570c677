import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { packPlain } from '../../src/effects/index.ts';
import { type MessageExtra, packMessageExtra, unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../../src/events/message-row.ts';
import type { MessageEffect } from '../../src/messages/message-effect.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

describe('what another data centre sends as messages', () => {
  let stage: HomesStage;
  let anna: bigint;
  let ben: bigint;
  let epoch = 900n;
  let globalId = 70_000n;
  beforeAll(async () => {
    stage = await openHomes();
    ({ anna, ben } = stage);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const make = (changes: Partial<MessageEffect> & { content?: MessageExtra } = {}): MessageEffect => {
    const { content, ...rest } = changes;
    return { kind: 'message', from: anna, to: ben, globalId: ++globalId, msgId: 12, randomId: globalId, date: stage.two.clock.now(), flags: 0, text: 'hi', extra: content && packMessageExtra(content)!, ...rest };
  };
  /** Applies frames at Ben's home, and returns what that added there. */
  const apply = async (...effects: unknown[]): Promise<MessageRow[]> => {
    const before = await stage.two.db.q.selectFrom('messages').select('global_id').execute();
    await stage.two.domain.frames.applyFrames({ dc: 1, epoch: ++epoch, seq: 1n }, effects.map(packPlain));
    const rows = await stage.two.db.q.selectFrom('messages').selectAll().orderBy('msg_id').execute();
    return rows.filter((row) => !before.some((one) => one.global_id === row.global_id));
  };

  it('arrives in order, in one batch, with replies to each other', async () => {
    const first = make({ text: 'one' });
    const rows = await apply(first, make({ text: 'two', answered: first.globalId }), make({ text: 'three' }));
    expect(rows.map((row) => row.text)).toEqual(['one', 'two', 'three']);
    expect(rows[1]!.reply_to_msg_id).toBe(rows[0]!.msg_id);
  });

  it('arrives once if it comes twice, and does not touch what others have sent', async () => {
    const effect = make({ text: 'twice' });
    expect(await apply(effect, effect)).toHaveLength(1);
    expect(await apply(effect)).toEqual([]);
    const own = await stage.send(ben, anna, 'mine');
    expect(await apply(make({ globalId: own.global_id, text: 'not yours' }))).toEqual([]);
    expect((await stage.dialog(ben, anna)).at(-1)).toEqual(own);
  });

  it('is refused from people and to people of other homes, and from those nobody knows', async () => {
    const service = 777_000n;
    expect(await apply(make({ from: ben }), make({ from: stage.cleo, to: ben }), make({ to: anna }), make({ to: service }), make({ to: -5n }), make({ to: ben + 800n }), make({ from: anna + 800n }))).toEqual([]);
  });

  it('comes without a keyboard that is not allowed', async () => {
    const button = { _: 'keyboardInlineButton', text: 'x', type: { _: 'inlineButtonTypeUrl', url: 'javascript:alert(1)' } } as const;
    const [row] = await apply(make({ text: 'read me', content: { replyMarkup: { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [button] }] } } }));
    expect(row).toMatchObject({ text: 'read me' });
    expect(unpackMessageExtra(row!.extra).replyMarkup).toBeUndefined();
  });

  it('has no media, service action, reactions or flags of the server', async () => {
    const [row] = await apply(make({
      flags: 0xffff,
      content: {
        media: { _: 'messageMediaGeo', geo: { _: 'geoPoint', long: 1, lat: 1, access_hash: 0n } },
        action: { _: 'messageActionScreenshotTaken' },
        reactions: [{ _: 'messagePeerReaction', peer_id: { _: 'peerUser', user_id: ben }, date: 1, reaction: { _: 'reactionEmoji', emoticon: '👍' } }],
        groupedId: 5n, viaBotId: 6n, meantFor: [ben], commentsIn: 7n, peerMsgId: 99,
        entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }],
      },
    }));
    expect(unpackMessageExtra(row!.extra)).toEqual({ entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }], peerMsgId: 12 });
    for (const flag of ['out', 'service', 'pinned', 'mentioned', 'mediaUnread', 'historyClear'] as const) expect(hasFlag(row!, MessageFlag[flag])).toBe(false);
  });

  it('names nobody whom the server has not shown to the sender', async () => {
    const content: MessageExtra = {
      entities: [{ _: 'messageEntityMentionName', offset: 0, length: 2, user_id: stage.cleo }],
      fwdFrom: { _: 'messageFwdHeader', from_id: { _: 'peerUser', user_id: stage.cleo }, from_name: 'Somebody', date: 5 },
    };
    const [row] = await apply(make({ content }));
    expect(unpackMessageExtra(row!.extra)).toEqual({ fwdFrom: expect.objectContaining({ from_id: undefined, from_name: 'Somebody' }), peerMsgId: 12 });
    await stage.meet(stage.cleo, anna);
    const [known] = await apply(make({ content }));
    expect(unpackMessageExtra(known!.extra)).toMatchObject({ entities: [{ user_id: stage.cleo }], fwdFrom: { from_id: { user_id: stage.cleo } } });
  });

  it('quotes only what stands in the message, and replies only within the dialog', async () => {
    const own = await stage.send(ben, anna, 'my words');
    const other = await stage.send(ben, stage.cleo, 'a secret');
    const quoting = (quoted: string): MessageExtra => ({ replyTo: { _: 'messageReplyHeader', quote: true, quote_text: quoted } });
    const [good, bad, secret] = await apply(make({ answered: own.global_id, content: quoting('words') }), make({ answered: own.global_id, content: quoting('never said') }), make({ answered: other.global_id, content: quoting('secret') }));
    expect(good!.reply_to_msg_id).toBe(own.msg_id);
    expect(unpackMessageExtra(good!.extra).replyTo?.quote_text).toBe('words');
    expect(bad!.reply_to_msg_id).toBe(own.msg_id);
    expect(unpackMessageExtra(bad!.extra).replyTo).toBeUndefined();
    expect(secret!.reply_to_msg_id).toBeNull();
    expect(unpackMessageExtra(secret!.extra).replyTo).toBeUndefined();
  });

  it('is dated no later than now, and is left out if it is no message at all', async () => {
    const nowDate = stage.two.clock.now();
    const [early, late] = await apply(make({ date: nowDate - 60 }), make({ date: nowDate + 9999 }));
    expect([early!.date, late!.date]).toEqual([nowDate - 60, nowDate]);
    const rows = await apply(make({ text: ' \n ' }), make({ text: 'x'.repeat(5000) }), make({ globalId: -4n }), { kind: 'message' }, make({ extra: Buffer.from('nonsense') }), make({ text: 'good' }));
    expect(rows.map((row) => row.text)).toEqual(['good']);
  });

  it('does not arrive for somebody who has deleted the account', async () => {
    await stage.two.db.transact('delete', (tx) => tx.q.updateTable('users').set({ deleted: true }).where('user_id', '=', ben).execute());
    await stage.two.domain.users.userChanged(ben);
    expect(await apply(make())).toEqual([]);
    await stage.two.db.transact('undelete', (tx) => tx.q.updateTable('users').set({ deleted: false }).where('user_id', '=', ben).execute());
    await stage.two.domain.users.userChanged(ben);
  });
});
