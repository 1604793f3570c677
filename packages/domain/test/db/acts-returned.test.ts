import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Effect } from '../../src/effects/index.ts';
import type { UserHint } from '../../src/events/box-event.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import { errorOf } from './accounts-world.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

const origin = undefined;

describe('a chat with somebody in another data centre', () => {
  let stage: HomesStage;
  let anna: bigint;
  let ben: bigint;
  let annas: MessageRow;
  /** Anna's copy of a message of Ben. */
  let bens: MessageRow;
  beforeAll(async () => {
    stage = await openHomes();
    ({ anna, ben } = stage);
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    await stage.one.clock.advance(10_000);
    await stage.two.clock.advance(10_000);
    annas = await stage.send(anna, ben, 'from Anna');
    const { global_id: globalId } = await stage.send(ben, anna, 'from Ben');
    await stage.carry();
    bens = (await stage.dialog(anna, ben)).find((row) => row.global_id === globalId)!;
  });

  const own = async ({ msg_id: msgId }: MessageRow): Promise<MessageRow | undefined> => (await stage.dialog(anna, ben)).find((row) => row.msg_id === msgId);

  describe('what Anna\'s home had sent and lost, and Ben\'s returns', () => {
    let seq = 0n;
    const giveBack = async (...effects: Effect[]): Promise<void> => {
      for (let time = 0; time < 2; time++) await stage.one.domain.frames.restoreFrames({ dc: 2, epoch: 1n, seq: seq + 1n }, await stage.seal(1, ...effects));
      seq += BigInt(effects.length);
    };
    const sayEdit = (from: bigint, to: bigint, row: MessageRow, [date, text]: [number, string]): Effect =>
      ({ kind: 'edit', from, to, date, globalId: row.global_id, text, setsMarkup: false, noWebpage: false, invertMedia: false }) as Effect;

    it('edits her message again, unless she has edited it later, and no other', async () => {
      const now = stage.one.clock.now();
      await giveBack(sayEdit(anna, ben, annas, [now, 'lost']), sayEdit(anna, ben, annas, [now - 5, 'older']), sayEdit(anna, ben, bens, [now, 'not hers']), sayEdit(ben, anna, bens, [now, 'not from here']));
      expect([(await own(annas))?.text, (await own(bens))?.text]).toEqual(['lost', 'from Ben']);
    });

    it('deletes again, in that dialog alone', async () => {
      const other = await stage.send(anna, stage.zoe, 'to Zoe');
      await giveBack({ kind: 'delete', from: anna, to: ben, date: 1, globalIds: [annas.global_id, bens.global_id, other.global_id] } as Effect);
      expect([await own(annas), await own(bens), (await stage.dialog(anna, stage.zoe)).length]).toEqual([undefined, undefined, 1]);
    });

    it('marks as read again', async () => {
      await giveBack({ kind: 'read', from: anna, to: ben, date: 1, peerMsgId: unpackMessageExtra(bens.extra).peerMsgId! } as Effect);
      const dialog = await stage.one.db.q.selectFrom('dialogs').select(['read_inbox_max_id', 'unread_count']).where('owner_id', '=', anna).where('peer_id', '=', ben).executeTakeFirstOrThrow();
      expect(dialog).toEqual({ read_inbox_max_id: bens.msg_id, unread_count: 0 });
    });

    it('reacts again, unless she has reacted later', async () => {
      const now = stage.one.clock.now();
      const say = (date: number, emoticon: string): Effect => ({ kind: 'reaction', from: anna, to: ben, date, globalId: bens.global_id, emoticons: [emoticon], big: false }) as Effect;
      await giveBack(say(now, '👍'), say(now - 5, '🔥'));
      expect(unpackMessageExtra((await own(bens))!.extra).reactions?.map(({ reaction }) => reaction)).toEqual([{ _: 'reactionEmoji', emoticon: '👍' }]);
    });
  });

  describe('typing', () => {
    /** Waits until Ben's devices are shown what somebody does, and lists what they were shown up to then. */
    const shownUntil = async (userId: bigint, act: () => Promise<void>): Promise<tl.updateUserTyping[]> => {
      const updates: tl.updateUserTyping[] = [];
      let seen: () => void;
      const isOver = new Promise<void>((resolve) => (seen = resolve));
      using _ = stage.two.bus.subscribe(userTopic(ben), (hint) => {
        if ((hint as UserHint).kind !== 'transient') return;
        const { update } = hint as { update: tl.updateUserTyping };
        updates.push(update);
        if (update.user_id === userId) seen();
      });
      await act();
      await isOver;
      return updates;
    };
    const show = (from: bigint, action: tl.SendMessageAction): Promise<void> => stage.homeOf(from).domain.typing.doShow(from, peerOf(from), { action, topMsgId: undefined });
    const shown = (action: tl.SendMessageAction): Promise<tl.updateUserTyping[]> => shownUntil(anna, () => show(anna, action));
    /** What is shown of what somebody elsewhere does, until Cleo does something, who lives here. */
    const hidden = (from: bigint): Promise<tl.updateUserTyping[]> =>
      shownUntil(stage.cleo, async () => {
        await show(from, { _: 'sendMessageTypingAction' });
        // The same reads as those for a hint, one after the other.
        for (let read = 0; read < 3; read++) await stage.two.db.q.selectFrom('dialogs').select('owner_id').execute();
        await show(stage.cleo, { _: 'sendMessageTypingAction' });
      });
    const peers = new Map<bigint, Awaited<ReturnType<HomesStage['peer']>>>();
    const peerOf = (viewerId: bigint): Awaited<ReturnType<HomesStage['peer']>> => peers.get(viewerId)!;

    beforeAll(async () => {
      await stage.send(stage.cleo, ben, 'from Cleo');
      await stage.meet(stage.zoe, ben);
      for (const viewerId of [anna, stage.zoe, stage.cleo]) peers.set(viewerId, await stage.peer(viewerId, ben));
    });

    it('is shown, and names a message by the id of the one who sees it', async () => {
      expect(await shown({ _: 'sendMessageTypingAction' })).toEqual([{ _: 'updateUserTyping', user_id: anna, action: { _: 'sendMessageTypingAction' } }]);
      const copy = (await stage.dialog(ben, anna)).find((row) => row.global_id === annas.global_id)!;
      const interaction: tl.sendMessageEmojiInteraction = { _: 'sendMessageEmojiInteraction', emoticon: '👍', msg_id: annas.msg_id, interaction: { _: 'dataJSON', data: '{"v":1,"a":[{"i":1,"t":0}]}' } };
      expect(await shown(interaction)).toEqual([{ _: 'updateUserTyping', user_id: anna, action: { ...interaction, msg_id: copy.msg_id } }]);
    });

    it('is not shown to who has blocked the one who types, nor of strangers', async () => {
      expect((await hidden(stage.zoe)).map((update) => update.user_id)).toEqual([stage.cleo]);
      await stage.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, origin);
      expect((await hidden(anna)).map((update) => update.user_id)).toEqual([stage.cleo]);
      await stage.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: false }, origin);
      await stage.carry();
    });
  });

  describe('what is not possible', () => {
    // The dispatcher refuses the methods (elsewhere-table.ts); this is what stands behind it.
    it('cannot open the box of the other one, and nothing of it is written', async () => {
      const peer = await stage.peer(anna, ben);
      const { messages, ttl, protection } = stage.one.domain;
      const before = [await stage.dialog(anna, ben), await stage.one.db.q.selectFrom('home_outbox').select('seq').execute()];
      const refused = [
        ...[true, false].map((pinned) => messages.doPin(peer, { ownerId: anna, msgId: annas.msg_id, pinned, oneSide: false, silent: true, origin })),
        messages.doUnpinAll(peer, { ownerId: anna, origin }),
        ttl.doSet(peer, { ownerId: anna, period: 86_400, origin }),
        protection.doToggle(peer, { ownerId: anna, enabled: true, requestId: undefined, origin }),
      ];
      expect(await Promise.all(refused.map((each) => errorOf(each)))).toEqual(refused.map(() => 'PEER_ID_INVALID'));
      const media = { _: 'messageMediaPhoto' } as tl.messageMediaPhoto;
      expect(await errorOf(messages.doEdit(peer, { ownerId: anna, msgId: annas.msg_id, media, noWebpage: false, invertMedia: false, origin }))).toBe('CHAT_SEND_MEDIA_FORBIDDEN');
      expect([await stage.dialog(anna, ben), await stage.one.db.q.selectFrom('home_outbox').select('seq').execute()]).toEqual(before);
    });

    it('is possible for oneself: that contents were seen', async () => {
      expect(await stage.one.domain.messages.doReadContents({ ownerId: anna, msgIds: [bens.msg_id], origin })).toMatchObject({ ptsCount: 0 });
    });
  });

  it('with a bot: an edit of the keyboard alone changes it at the other home, and takes it away', async () => {
    const { userId: bot } = await stage.one.signUp('9996611103', 'Robot');
    await stage.one.db.transact('make-bot', (tx) => tx.q.updateTable('users').set({ bot: true }).where('user_id', '=', bot).execute());
    await stage.one.domain.users.userChanged(bot);
    await stage.meet(bot, ben);
    const markup: tl.replyInlineMarkup = { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'Here', type: { _: 'inlineButtonTypeUrl', url: 'https://example.org/' } }] }] };
    await stage.send(ben, bot, '/start');
    await stage.carry();
    const sent = await stage.send(bot, ben, 'press', { replyMarkup: markup });
    await stage.carry();
    const keyboardOfBen = async (): Promise<unknown> => unpackMessageExtra((await stage.dialog(ben, bot)).find((row) => row.global_id === sent.global_id)!.extra).replyMarkup;
    expect(await keyboardOfBen()).toMatchObject(markup);
    const edit = async (replyMarkup: tl.ReplyMarkup | null): Promise<void> => {
      await stage.one.domain.messages.doEdit(await stage.peer(bot, ben), { ownerId: bot, msgId: sent.msg_id, replyMarkup, noWebpage: false, invertMedia: false, origin });
      await stage.carry();
    };
    await edit({ ...markup, rows: [{ ...markup.rows[0]!, buttons: [{ ...markup.rows[0]!.buttons[0]!, text: 'There' }] }] });
    expect(await keyboardOfBen()).toMatchObject({ rows: [{ buttons: [{ text: 'There' }] }] });
    await edit(null);
    expect(await keyboardOfBen()).toBeUndefined();
  });
});
