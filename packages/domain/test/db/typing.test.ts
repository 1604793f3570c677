import { userTopic } from '@aerogram/bus';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ResolvedPeer, ResolvedUser } from '../../src/access/resolved-peer.ts';
import type { UserHint } from '../../src/events/box-event.ts';
import { doMakeBot } from '../../src/bots/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const TYPING: tl.SendMessageAction = { _: 'sendMessageTypingAction' };

describe('typing', () => {
  let world: World;
  let people = 0;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    [alice, bob] = [await signUp(), await signUp()];
  });

  const signUp = async (): Promise<bigint> => (await world.signUp(`99966100${String(++people).padStart(2, '0')}`, `P${people}`)).userId;
  const peer = async (userId: bigint): Promise<ResolvedUser> => ({
    kind: 'user', userId, peerId: userId, isSelf: false, row: (await world.domain.users.findRow(userId))!,
  });
  const send = async (from: bigint, to: bigint, text: string): Promise<number> => {
    const sent = await world.domain.messages.doSendText(await peer(to), {
      senderId: from, randomId: BigInt(++people), text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined,
    });
    return sent.msg_id;
  };
  const show = async (from: bigint, to: bigint, action: tl.SendMessageAction = TYPING): Promise<string> => errorOf(world.domain.typing.doShow(from, await peer(to), { action, topMsgId: undefined }));

  /** The actions that a user's devices are shown. */
  async function shown(from: bigint, to: bigint, action: tl.SendMessageAction = TYPING): Promise<tl.Update[]> {
    const updates: tl.Update[] = [];
    using _ = world.bus.subscribe(userTopic(to), (hint) => {
      if ((hint as UserHint).kind === 'transient') updates.push((hint as { update: tl.Update }).update);
    });
    expect(await show(from, to, action)).toBe('no error');
    await new Promise((turn) => setImmediate(turn));
    return updates;
  }

  it('is shown to users who have a dialog with the sender or the sender as a contact, and not to strangers', async () => {
    expect(await shown(alice, bob)).toEqual([]);
    const row = (await world.domain.users.findRow(alice))!;
    await world.domain.contacts.doAddContact(bob, row, { first_name: 'Alice', last_name: '', phone: '', note: '' });
    expect(await shown(alice, bob)).toEqual([{ _: 'updateUserTyping', user_id: alice, action: TYPING }]);
    expect(await shown(bob, alice)).toEqual([]);
    await send(alice, bob, 'hello');
    expect(await shown(bob, alice)).toHaveLength(1);
  });

  it('is not shown if one blocked the other', async () => {
    await send(alice, bob, 'hello');
    await world.domain.blocks.doBlock(bob, alice, { storiesOnly: false, blocked: true }, undefined);
    expect(await shown(alice, bob)).toEqual([]);
    expect(await shown(bob, alice)).toEqual([]);
  });

  it('is limited to the rate at which one person types', async () => {
    await send(alice, bob, 'hello');
    for (let n = 0; n < 30; n++) expect(await show(alice, bob)).toBe('no error');
    expect(await show(alice, bob)).toBe('FLOOD_WAIT_1');
    expect(await show(bob, alice)).toBe('no error');
    await world.clock.advance(1000);
    expect(await show(alice, bob)).toBe('no error');
    expect(await show(alice, bob)).toBe('FLOOD_WAIT_1');
  });

  it('counts towards the limit for strangers too, although they do not see it', async () => {
    for (let n = 0; n < 30; n++) expect(await show(alice, bob)).toBe('no error');
    expect(await show(alice, bob)).toBe('FLOOD_WAIT_1');
  });

  it('uses the receiver’s own message id for a tapped emoji', async () => {
    await send(bob, alice, 'first in the box of Bob');
    for (let n = 0; n < 3; n++) await send(bob, await signUp(), 'elsewhere');
    const msgId = await send(alice, bob, '❤');
    const action = (msg_id: number): tl.SendMessageAction => ({
      _: 'sendMessageEmojiInteraction', emoticon: '❤', msg_id, interaction: { _: 'dataJSON', data: '{"v":1,"a":[{"i":1,"t":0}]}' },
    });
    const copy = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bob).where('text', '=', '❤').executeTakeFirstOrThrow();
    expect(copy.msg_id).not.toBe(msgId);
    expect(await shown(alice, bob, action(msgId))).toMatchObject([{ action: { msg_id: copy.msg_id } }]);
    expect(await shown(alice, bob, action(msgId + 1))).toEqual([]);
  });

  describe('of a bot that shows a text while it writes it', () => {
    let bot: bigint;
    beforeEach(async () => {
      const { db, clock, domain: { config } } = world;
      const maker = { db, clock, random: systemRandom, keys: { wrap: (bytes: Uint8Array) => bytes }, config };
      bot = (await doMakeBot(maker, { name: 'Bot', username: `writer${++people}bot`, ownerId: undefined })).botId;
    });
    const draft = (text: string, more: Partial<tl.sendMessageTextDraftAction> = {}, entities: tl.MessageEntity[] = []): tl.sendMessageTextDraftAction => ({
      _: 'sendMessageTextDraftAction', random_id: 5n, text: { _: 'textWithEntities', text, entities }, ...more,
    });

    it('is shown to a person who has written to the bot, rebuilt as the text of a message', async () => {
      expect(await show(bot, alice, draft('hi'))).toBe('PEER_ID_INVALID');
      await send(alice, bot, '/start');
      const given = draft(' so\u0000far @name ', { extra: 1 } as object, [{ _: 'messageEntityBold', offset: 0, length: 3, extra: 1 } as tl.messageEntityBold]);
      const entities: tl.MessageEntity[] = [{ _: 'messageEntityBold', offset: 0, length: 2 }, { _: 'messageEntityMention', offset: 7, length: 5 }];
      expect(await shown(bot, alice, given)).toEqual([{ _: 'updateUserTyping', user_id: bot, action: draft('so far @name', {}, entities) }]);
      expect(await shown(bot, alice, draft(' '))).toEqual([{ _: 'updateUserTyping', user_id: bot, action: draft('') }]);
      expect(await show(bot, alice, draft('x'.repeat(4097)))).toBe('MESSAGE_TOO_LONG');
      expect(await show(bot, alice, draft('x', { random_id: 0n }))).toBe('RANDOM_ID_EMPTY');
    });

    it('is shown by bots alone, and in no group', async () => {
      await send(bob, alice, 'hello');
      expect(await show(alice, bob, draft('hi'))).toBe('TEXTDRAFT_PEER_INVALID');
      const group = { kind: 'chat', chatId: 1n, peerId: -1n, isSelf: false } as ResolvedPeer;
      expect(await errorOf(world.domain.typing.doShow(bot, group, { action: draft('hi'), topMsgId: undefined }))).toBe('TEXTDRAFT_PEER_INVALID');
    });

    it('is refused by a person who has blocked the bot', async () => {
      await send(alice, bot, '/start');
      expect(await shown(bot, alice, draft('hi'))).toHaveLength(1);
      await world.domain.blocks.doBlock(alice, bot, { storiesOnly: false, blocked: true }, undefined);
      expect(await show(bot, alice, draft('hi'))).toBe('USER_IS_BLOCKED');
    });

    it('is limited in number and in size', async () => {
      await send(alice, bot, '/start');
      await send(bob, bot, '/start');
      for (let n = 0; n < 100; n++) expect(await show(bot, alice, draft('hi'))).toBe('no error');
      expect(await show(bot, alice, draft('hi'))).toBe('FLOOD_WAIT_1');
      // Typing has a limit of its own, and so has each person.
      expect(await show(bot, alice)).toBe('no error');
      const url = `https://example.org/${'a'.repeat(2000)}`;
      const links = Array.from({ length: 3 }, (_, offset): tl.MessageEntity => ({ _: 'messageEntityTextUrl', offset, length: 1, url }));
      // 18 KiB each.
      const large = draft('\u20ac'.repeat(4096), {}, links);
      let fitting = 0;
      while (fitting < 100 && (await show(bot, bob, large)) === 'no error') fitting++;
      expect(fitting).toBe(Math.floor(1024 / 18));
    });
  });
});
