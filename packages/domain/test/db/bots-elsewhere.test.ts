import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import { preparePart } from '../../src/messages/messages.ts';
import { errorOf } from './accounts-world.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

describe('bots and strangers in another data centre', () => {
  let stage: HomesStage;
  let bot: bigint;
  let anna: bigint;
  let ben: bigint;
  let randomId = 5000n;
  beforeAll(async () => {
    stage = await openHomes({ hasLimits: () => true, pageFetcher: { fetchPicture: () => Promise.resolve(undefined), fetchFile: () => Promise.resolve(undefined), fetchPage: (url) => Promise.resolve({ url, title: 'A page', description: 'All about it' } as never) } });
    ({ anna, ben, zoe: bot } = stage);
    await stage.one.db.transact('make-bot', (tx) => tx.q.updateTable('users').set({ bot: true }).where('user_id', '=', bot).execute());
    await stage.one.domain.users.userChanged(bot);
    await stage.meet(bot, ben);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const write = async (from: bigint, to: bigint, replyMarkup: tl.ReplyMarkup): Promise<MessageRow> => {
    const part = preparePart({ randomId: ++randomId, text: { text: 'choose', entities: [] }, replyMarkup, silent: false, noforwards: false, noWebpage: true, invertMedia: false });
    await stage.homeOf(from).domain.messages.doSendOutgoing(await stage.peer(from, to), { senderId: from, parts: [part], origin: undefined });
    await stage.carry();
    return (await stage.dialog(to, from)).at(-1)!;
  };
  const usersAt = (world: HomesStage['one']) => world.db.q.selectFrom('bot_users').select(['bot_id', 'user_id']).execute();

  it('write to those who have started them, with keyboards', async () => {
    expect(await errorOf(stage.send(bot, ben, 'hi'))).toBe('PEER_ID_INVALID');
    await stage.send(ben, bot, '/start ref');
    await stage.carry();
    expect(await stage.dialog(bot, ben)).toMatchObject([{ text: '/start ref', from_id: ben }]);
    expect(await usersAt(stage.one)).toEqual([{ bot_id: bot, user_id: ben }]);
    expect(await usersAt(stage.two)).toEqual([]);

    const inline: tl.ReplyMarkup = { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'Yes', type: { _: 'inlineButtonTypeCallback', data: Buffer.from('yes') } }, { _: 'keyboardInlineButton', text: 'Site', type: { _: 'inlineButtonTypeUrl', url: 'https://example.org/' } }] }] };
    expect(unpackMessageExtra((await write(bot, ben, inline)).extra).replyMarkup).toMatchObject({ rows: [{ buttons: [{ text: 'Yes' }, { text: 'Site' }] }] });
    const keys: tl.ReplyMarkup = { _: 'replyKeyboardMarkup', resize: true, rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'A', type: { _: 'buttonTypeDefault' } }] }] };
    expect(unpackMessageExtra((await write(bot, ben, keys)).extra).replyMarkup).toMatchObject({ _: 'replyKeyboardMarkup', rows: [{ buttons: [{ text: 'A' }] }] });
  });

  it('are the only ones who send keys: those of people stay behind', async () => {
    const keys: tl.ReplyMarkup = { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'A', type: { _: 'buttonTypeDefault' } }] }] };
    expect(unpackMessageExtra((await write(anna, ben, keys)).extra).replyMarkup).toBeUndefined();
  });

  it('are told that they were blocked', async () => {
    const setBlocked = (blocked: boolean): Promise<void> => stage.two.domain.blocks.doBlock(ben, bot, { storiesOnly: false, blocked }, undefined);
    // The first event of a bot has the number 2.
    const stops = async (): Promise<{ qts: number; stopped: boolean }> => {
      const { qts } = await stage.one.db.q.selectFrom('counters').select('qts').where('owner_id', '=', bot).executeTakeFirstOrThrow();
      const { stopped } = await stage.one.db.q.selectFrom('bot_users').select('stopped').where('bot_id', '=', bot).where('user_id', '=', ben).executeTakeFirstOrThrow();
      return { qts, stopped };
    };
    expect(await stops()).toEqual({ qts: 0, stopped: false });
    await setBlocked(true);
    await stage.carry();
    expect(await errorOf(stage.send(bot, ben, 'still there?'))).toBe('USER_IS_BLOCKED');
    await stage.one.runJobs();
    expect(await stops()).toEqual({ qts: 2, stopped: true });

    // What was taken back before it could be told is no news.
    await setBlocked(false);
    await setBlocked(true);
    await stage.carry();
    await stage.one.runJobs();
    expect(await stops()).toEqual({ qts: 2, stopped: true });
    await setBlocked(false);
    await stage.carry();
    await stage.one.runJobs();
    expect(await stops()).toEqual({ qts: 3, stopped: false });
  });

  it('stop being strangers by an answer', async () => {
    const waiting = () => stage.one.db.q.selectFrom('first_contacts').select(['owner_id', 'peer_id']).where('owner_id', '=', anna).execute();
    expect(await waiting()).toEqual([{ owner_id: anna, peer_id: ben }]);
    await stage.send(ben, anna, 'hello');
    await stage.carry();
    expect(await waiting()).toEqual([]);
    await stage.one.clock.advance(61_000);
    await stage.send(anna, ben, 'hello again');
    expect(await waiting()).toEqual([]);
  });

  it('get the preview of a link from the server at home', async () => {
    const text = 'see https://example.org/page';
    const sent = await stage.send(anna, ben, text, { text: { text, entities: [{ _: 'messageEntityUrl', offset: 4, length: 24 }] } });
    await stage.carry();
    const copy = (await stage.dialog(ben, anna)).at(-1)!;
    for (const [world, row] of [[stage.one, sent], [stage.two, copy]] as const) {
      expect(unpackMessageExtra(row.extra).media).toMatchObject({ _: 'messageMediaWebPage', webpage: { _: 'webPagePending', url: 'https://example.org/page' } });
      await world.runJobs();
      const [after] = await world.db.q.selectFrom('messages').select('extra').where('owner_id', '=', row.owner_id).where('msg_id', '=', row.msg_id).execute();
      expect(unpackMessageExtra(after!.extra).media).toMatchObject({ webpage: { _: 'webPage', title: 'A page' } });
    }
    const [kept] = await stage.two.db.q.selectFrom('messages').select('extra').where('owner_id', '=', ben).where('msg_id', '=', copy.msg_id).execute();
    expect(unpackMessageExtra(kept!.extra).peerMsgId).toBe(sent.msg_id);
  });
});
