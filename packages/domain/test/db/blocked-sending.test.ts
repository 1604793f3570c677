import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';
import { blockUnderWay } from './block-under-way.ts';

describe('effects of blocking and privacy on messages', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let carol: bigint;
  beforeAll(async () => {
    world = await createWorld();
    alice = (await world.signUp('9996610001', 'Alice')).userId;
    bob = (await world.signUp('9996610002', 'Bob')).userId;
    carol = (await world.signUp('9996610003', 'Carol')).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const peer = async (viewerId: bigint, userId: bigint): Promise<ResolvedUser> => {
    const row = (await world.domain.users.findRow(userId))!;
    return { kind: 'user', userId, peerId: userId, isSelf: viewerId === userId, row };
  };
  const send = async (from: bigint, to: bigint, text: string, randomId: bigint) =>
    world.domain.messages.doSendText(await peer(from, to), {
      senderId: from, randomId, text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined,
    });
  const texts = async (owner: bigint): Promise<string[]> =>
    (await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', owner).where('from_id', '<>', 777000n).orderBy('msg_id').execute()).map((row) => row.text);
  const block = async (owner: bigint, target: bigint, blocked: boolean): Promise<void> =>
    world.domain.blocks.doBlock(owner, target, { storiesOnly: false, blocked }, undefined);

  it('keeps a blocked user’s messages from the blocking user, without telling', async () => {
    const first = await send(bob, alice, 'before', 1n);
    await block(alice, bob, true);
    const withheld = await send(bob, alice, 'withheld', 2n);
    expect(withheld).toMatchObject({ owner_id: bob, text: 'withheld' });
    expect((await send(bob, alice, 'withheld', 2n)).msg_id).toBe(withheld.msg_id);
    expect(await errorOf(send(alice, bob, 'refused', 3n))).toBe('YOU_BLOCKED_USER');
    expect((await send(bob, alice, 'before', 1n)).msg_id).toBe(first.msg_id);
    expect(await texts(alice)).toEqual(['before']);
    expect(await texts(bob)).toEqual(['before', 'withheld']);
    await block(alice, bob, false);
    await send(bob, alice, 'after', 4n);
    expect(await texts(alice)).toEqual(['before', 'after']);
  });

  it('keeps from the blocking user also what was being sent when the block was answered', async () => {
    const before = await texts(alice);
    const sent = await blockUnderWay(world, alice, bob, () => send(bob, alice, 'under way', 20n));
    expect(sent).toMatchObject({ owner_id: bob, text: 'under way' });
    expect(await texts(alice)).toEqual(before);
    await block(alice, bob, false);
    await send(bob, alice, 'free again', 21n);
    expect(await texts(alice)).toEqual([...before, 'free again']);
  });

  it('answers a repeat of a message that was sent before the block', async () => {
    const sent = await send(alice, bob, 'sent', 5n);
    await block(alice, bob, true);
    expect((await send(alice, bob, 'sent', 5n)).msg_id).toBe(sent.msg_id);
    await block(alice, bob, false);
  });

  it('tells a bot that it was blocked', async () => {
    await world.db.transact('make-bot', (tx) => tx.q.updateTable('users').set({ bot: true }).where('user_id', '=', carol).execute());
    await world.domain.users.userChanged(carol);
    // Bots write to nobody who has not written to them.
    await send(bob, carol, 'start', 31n);
    await block(bob, carol, true);
    expect(await errorOf(send(carol, bob, 'hello', 6n))).toBe('USER_IS_BLOCKED');
    await world.db.transact('make-human', (tx) => tx.q.updateTable('users').set({ bot: false }).where('user_id', '=', carol).execute());
    await world.domain.users.userChanged(carol);
  });

  it('forwards without a link to an author whose privacy forbids it', async () => {
    await world.domain.privacy.doSetRules(bob, 'Forwards', [{ kind: 'AllowUsers', ids: [carol] }, { kind: 'DisallowAll', ids: [] }], undefined);
    await send(bob, alice, 'quote me', 7n);
    const copy = await world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', alice).where('text', '=', 'quote me').executeTakeFirstOrThrow();
    const forward = async (randomId: bigint) => {
      const ids = { ownerId: alice, toPeerId: carol, msgIds: [copy.msg_id], randomIds: [randomId] };
      const parts = await world.domain.forwards.prepare(await peer(alice, bob), { ...ids, silent: false, noforwards: false, dropAuthor: false, dropCaptions: false });
      const [row] = await world.domain.messages.doSendOutgoing(await peer(alice, carol), { senderId: alice, parts, origin: undefined });
      return unpackMessageExtra(row!.extra).fwdFrom;
    };
    expect(await forward(8n)).toMatchObject({ from_name: 'Bob', from_id: undefined });
    await world.domain.privacy.doSetRules(bob, 'Forwards', [{ kind: 'AllowAll', ids: [] }], undefined);
    expect(await forward(9n)).toMatchObject({ from_name: undefined, from_id: { _: 'peerUser', user_id: bob } });
  });
});
