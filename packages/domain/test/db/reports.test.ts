import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { PostRow } from '../../src/events/index.ts';
import { closeReports, countOpenReports, createReports, listReports, type Reports } from '../../src/moderation/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

describe('reports', () => {
  let world: World;
  let [alice, bob, carol] = [0n, 0n, 0n];
  let peerId: bigint;
  let posts: PostRow[];
  let reports: Reports;
  beforeAll(async () => {
    world = await createWorld();
    [alice, bob, carol] = (await Promise.all(['9996600000', '9996610001', '9996620002'].map(async (phone) => (await world.signUp(phone, 'Somebody')).userId))) as [bigint, bigint, bigint];
    const { first } = await world.domain.channels.doCreate({ creatorId: bob, kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: 77n, origin: ORIGIN });
    peerId = first.owner_id;
    posts = [];
    for (let n = 0; n < 6; n++) {
      const parts = [{ randomId: 100n + BigInt(n), text: `spam ${n}\n${'x'.repeat(3000)}`, flags: 0, extra: {} }];
      posts.push(...(await channel().posts.doSend({ actorId: bob, origin: ORIGIN, parts, reply: undefined, signature: '' })));
    }
    // Four of one user, seven of all.
    reports = createReports({ ...world, orderLeaving: async () => {} }, { ofOne: 4, ofAll: 7 });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const channel = () => world.domain.channels.at(-peerId - 10n ** 12n);
  const of = (ownerId: bigint, messages: readonly PostRow[], more: { reason?: string; comment?: string } = {}) => ({ ownerId, peerId, messages, reason: 'spam', comment: '', ...more });
  const stored = async (): Promise<[bigint, number][]> => (await listReports(world.db, { open: true, limit: 100 })).map((row) => [row.owner_id, row.msg_id]);

  it('have a reason that is known', async () => {
    expect(await errorOf(reports.doReport(of(alice, [posts[0]!], { reason: 'because' })))).toBe('OPTION_INVALID');
    expect(await stored()).toEqual([]);
  });

  it('keep a bounded copy of each message, though it is deleted later', async () => {
    await reports.doReport(of(alice, [posts[0]!, posts[1]!], { comment: `buy\nthis ${'y'.repeat(5000)}` }));
    await channel().posts.doDelete({ actorId: bob, origin: ORIGIN }, [posts[0]!.msg_id]);
    const rows = await listReports(world.db, { open: true, limit: 100 });
    expect(rows).toMatchObject([{ owner_id: alice, peer_id: peerId, msg_id: posts[0]!.msg_id, author_id: bob, reason: 'spam' }, { msg_id: posts[1]!.msg_id }]);
    expect(rows[0]!.copy).toMatch(/^spam 0 x+$/);
    expect([rows[0]!.copy!.length, rows[0]!.comment.length]).toEqual([1000, 512]);
    expect(rows[0]!.comment).toMatch(/^buy this y+$/);
  });

  it('are stored once for each user and message, whatever the reason', async () => {
    await reports.doReport(of(alice, [posts[0]!, posts[1]!, posts[1]!], { reason: 'violence' }));
    await Promise.all([1, 2, 3].map(() => reports.doReport(of(alice, [posts[2]!]))));
    expect(await stored()).toEqual([0, 1, 2].map((n) => [alice, posts[n]!.msg_id]));
  });

  it('of one user are stored up to a number', async () => {
    await reports.doReport(of(alice, [posts[3]!, posts[4]!, posts[5]!]));
    await reports.doReport(of(alice, []));
    expect(await stored()).toEqual([0, 1, 2, 3].map((n) => [alice, posts[n]!.msg_id]));
  });

  it('of all users are stored up to a number', async () => {
    await reports.doReport(of(carol, []));
    await reports.doReport(of(carol, [posts[0]!]));
    await reports.doReport(of(carol, [posts[1]!]));
    await reports.doReport(of(bob, [posts[1]!]));
    expect(await countOpenReports(world.db)).toBe(7);
  });

  it('of a peer are opened again after they were closed, those of a message are not', async () => {
    const [ofPeer, ofMessage] = (await listReports(world.db, { open: true, limit: 100 })).filter((row) => row.owner_id === carol);
    expect(ofPeer).toMatchObject({ msg_id: 0, peer_id: peerId, copy: null, author_id: null });
    const ids = [ofPeer!.report_id, ofMessage!.report_id];
    expect(new Set(await world.db.transact('test', (tx) => closeReports(tx, ids, world.clock.now())))).toEqual(new Set(ids));
    expect(await world.db.transact('test', (tx) => closeReports(tx, ids, world.clock.now()))).toEqual([]);
    await reports.doReport(of(carol, []));
    await reports.doReport(of(carol, [posts[0]!]));
    const open = (await listReports(world.db, { open: true, limit: 100 })).filter((row) => row.owner_id === carol).map((row) => row.msg_id);
    expect(open).toEqual([0, posts[1]!.msg_id]);
  });

  it('have room again when others were closed', async () => {
    const before = await listReports(world.db, { open: true, limit: 100 });
    await reports.doReport(of(bob, [posts[2]!]));
    await reports.doReport(of(alice, [posts[4]!]));
    expect((await stored()).length).toBe(7);
    const ofAlice = before.find((row) => row.owner_id === alice)!;
    await world.db.transact('test', (tx) => closeReports(tx, [ofAlice.report_id], world.clock.now()));
    await reports.doReport(of(alice, [posts[4]!]));
    expect((await stored()).filter(([ownerId]) => ownerId === alice).map(([, msgId]) => msgId)).toContain(posts[4]!.msg_id);
    expect((await stored()).length).toBe(7);
  });

  it('are bounded also when they were closed: the oldest go first', async () => {
    const closed = async (): Promise<bigint[]> => (await listReports(world.db, { open: false, limit: 100 })).filter((row) => row.closed_date !== null).map((row) => row.report_id);
    const before = await closed();
    const [next] = await listReports(world.db, { open: true, limit: 1 });
    await world.clock.advance(1000);
    await world.db.transact('test', (tx) => closeReports(tx, [next!.report_id], world.clock.now(), 1));
    expect([before.length, await closed()]).toEqual([2, [next!.report_id]]);
  });

  it('are deleted long after they were closed', async () => {
    const run = async (): Promise<void> => world.domain.reports.jobKind.perform(new Uint8Array(), { ownerId: 0n, db: world.db, signal: new AbortController().signal } as never);
    await run();
    expect(await listReports(world.db, { open: false, limit: 100 })).toHaveLength(7);
    await world.clock.advance(91 * 86_400_000);
    await run();
    expect(await listReports(world.db, { open: false, limit: 100 })).toHaveLength(6);
  });
});
