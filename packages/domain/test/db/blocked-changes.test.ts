import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';
import { blockUnderWay } from './block-under-way.ts';

const DAY_S = 86_400;
const place = (lat: number): tl.inputMediaGeoLive => ({ _: 'inputMediaGeoLive', geo_point: { _: 'inputGeoPoint', lat, long: 1 }, period: 900 });

/** Alice or Bob blocks the other after they have written to each other. */
describe('changes in a private chat when one user has blocked the other', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let people = 0;
  let randomId = 1n;
  /** In Alice's box: a text and a live location of hers, and a text of Bob's. */
  let own: number;
  let shared: number;
  let theirs: number;

  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    [alice, bob] = [await signUp(), await signUp()];
    own = await send(alice, bob, 'hello');
    shared = await send(alice, bob, '', await world.domain.mediaInputs.prepare(place(1), { userId: alice, isBot: false }));
    await send(bob, alice, 'hi');
    theirs = (await rows(alice)).find((row) => row.text === 'hi')!.msg_id;
    await world.domain.messages.doPin(await peer(bob, alice), { ownerId: bob, msgId: (await rows(bob))[0]!.msg_id, pinned: true, oneSide: false, silent: true, origin: undefined });
  });

  const signUp = async (): Promise<bigint> => (await world.signUp(`99966200${String(++people).padStart(2, '0')}`, `P${people}`)).userId;
  const peer = async (viewerId: bigint, userId: bigint): Promise<ResolvedUser> => ({
    kind: 'user', userId, peerId: userId, isSelf: viewerId === userId, row: (await world.domain.users.findRow(userId))!,
  });
  const send = async (from: bigint, to: bigint, text: string, media?: tl.MessageMedia): Promise<number> => {
    const message = { senderId: from, randomId: randomId++, text: { text, entities: [] }, media, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined };
    return (await world.domain.messages.doSendText(await peer(from, to), message)).msg_id;
  };
  const block = async (owner: bigint, target: bigint): Promise<void> =>
    world.domain.blocks.doBlock(owner, target, { storiesOnly: false, blocked: true }, undefined);
  const rows = (owner: bigint) => world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('from_id', '<>', 777000n).orderBy('msg_id').execute();

  /** The full content of a box, with its counters. */
  const readBox = async (owner: bigint): Promise<unknown> => [
    await rows(owner),
    await world.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', owner).execute(),
    await world.db.q.selectFrom('counters').selectAll().where('owner_id', '=', owner).execute(),
  ];

  const edit = async (msgId: number, change: { text?: string; media?: tl.inputMediaGeoLive }): Promise<unknown> => {
    const text = change.text === undefined ? undefined : { text: change.text, entities: [] };
    return world.domain.messages.doEdit(await peer(alice, bob), { ownerId: alice, msgId, text, media: change.media, noWebpage: false, invertMedia: false, origin: undefined });
  };
  const pin = async (msgId: number, pinned: boolean): Promise<unknown> =>
    world.domain.messages.doPin(await peer(alice, bob), { ownerId: alice, msgId, pinned, oneSide: false, silent: true, origin: undefined });

  /**
   * All changes that write to both boxes, except sends. Each says whether the own box changes, or with which error the change is refused.
   */
  const CHANGES: [what: string, run: () => Promise<unknown>, whenBlocked: string, whenBlocking: string][] = [
    ['an edit', () => edit(own, { text: 'SPAM' }), 'done', 'done'],
    ['a shared location that moves', () => edit(shared, { media: place(2) }), 'done', 'done'],
    ['a pin', () => pin(theirs, true), 'done', 'done'],
    ['an unpin', () => pin(own, false), 'done', 'done'],
    ['an unpin of all', async () => world.domain.messages.doUnpinAll(await peer(alice, bob), { ownerId: alice, origin: undefined }), 'done', 'done'],
    ['a reaction', async () =>
      world.domain.reactions.doReact(await peer(alice, bob), { ownerId: alice, msgId: theirs, reactions: [{ _: 'reactionEmoji', emoticon: '👍' }], big: false, addsToRecent: false, origin: undefined }), 'done', 'done'],
    ['a lifetime', async () => world.domain.ttl.doSet(await peer(alice, bob), { ownerId: alice, period: DAY_S, origin: undefined }), 'done', 'YOU_BLOCKED_USER'],
    ['a protection', async () => world.domain.protection.doToggle(await peer(alice, bob), { ownerId: alice, enabled: true, requestId: undefined, origin: undefined }), 'done', 'YOU_BLOCKED_USER'],
  ];

  it.each(CHANGES)('%s by the blocked user stays in that user’s box', async (_what, run, outcome) => {
    await block(bob, alice);
    const [mine, theirBox] = [await readBox(alice), await readBox(bob)];
    expect(await errorOf(run())).toBe(outcome === 'done' ? 'no error' : outcome);
    expect(await readBox(bob)).toEqual(theirBox);
    expect(await readBox(alice)).not.toEqual(mine);
  });

  it.each(CHANGES)('%s by the blocking user does not reach the other', async (_what, run, _whenBlocked, outcome) => {
    await block(alice, bob);
    const theirBox = await readBox(bob);
    expect(await errorOf(run())).toBe(outcome === 'done' ? 'no error' : outcome);
    expect(await readBox(bob)).toEqual(theirBox);
  });

  it.each(CHANGES)('%s by the blocked user, under way while the other blocks, stays in that user’s box', async (_what, run, outcome) => {
    const [mine, theirBox] = [await readBox(alice), await readBox(bob)];
    expect(await errorOf(blockUnderWay(world, bob, alice, run))).toBe(outcome === 'done' ? 'no error' : outcome);
    expect(await readBox(bob)).toEqual(theirBox);
    expect(await readBox(alice)).not.toEqual(mine);
  });

  it.each(CHANGES)('%s by the blocking user, under way while that user blocks, does not reach the other', async (_what, run, _whenBlocked, outcome) => {
    const theirBox = await readBox(bob);
    expect(await errorOf(blockUnderWay(world, alice, bob, run))).toBe(outcome === 'done' ? 'no error' : outcome);
    expect(await readBox(bob)).toEqual(theirBox);
  });

  it.each(CHANGES)('%s reaches the other if nobody is blocked', async (_what, run) => {
    const theirBox = await readBox(bob);
    expect(await errorOf(run())).toBe('no error');
    expect(await readBox(bob)).not.toEqual(theirBox);
  });

  it('reach both boxes if they add nothing: deletions and read marks', async () => {
    await block(bob, alice);
    await world.domain.messages.doReadHistory({ ownerId: alice, peerId: bob, maxId: 0, origin: undefined });
    const [dialog] = await world.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', bob).where('peer_id', '=', alice).execute();
    expect(dialog!.read_outbox_max_id).toBeGreaterThan(0);
    await world.domain.messages.doDelete({ ownerId: alice, msgIds: [own], revoke: true, origin: undefined });
    expect((await rows(bob)).map((row) => row.text)).not.toContain('hello');
  });

  it('are refused to bots with an error', async () => {
    await world.db.transact('make-bot', (tx) => tx.q.updateTable('users').set({ bot: true }).where('user_id', '=', alice).execute());
    await world.domain.users.userChanged(alice);
    // Whoever is known to have written to Bob already may go on, until the row is read anew.
    await world.domain.users.findRow(alice);
    expect(await errorOf(blockUnderWay(world, bob, alice, () => edit(own, { text: 'SPAM' })))).toBe('USER_IS_BLOCKED');
    expect(await errorOf(edit(own, { text: 'SPAM' }))).toBe('USER_IS_BLOCKED');
  });

  it('reach both boxes again after the block ends', async () => {
    await block(bob, alice);
    await edit(own, { text: 'while blocked' });
    await world.domain.blocks.doBlock(bob, alice, { storiesOnly: false, blocked: false }, undefined);
    await edit(own, { text: 'afterwards' });
    expect((await rows(bob)).map((row) => row.text)).toContain('afterwards');
  });
});
