import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import type { UserHint } from '../../src/events/box-event.ts';
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
    await world.domain.blocks.doBlock(bob, (await world.domain.users.findRow(alice))!, { storiesOnly: false, blocked: true }, undefined);
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
});
