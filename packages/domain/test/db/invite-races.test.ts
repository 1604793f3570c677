import { unmarkPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { errorOf, type World } from './accounts-world.ts';
import { createInviteStage, type InviteStage } from './invite-stage.ts';

const LINKS = 100;
const RACERS = 10;

describe('invite links', () => {
  let world: World;
  let stage: InviteStage;
  let people: InviteStage['people'];
  beforeAll(async () => {
    stage = await createInviteStage(1 + RACERS, { channelsPerUserMax: 500 });
    world = stage.world;
    people = stage.people;
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const exportLink = (peerId: bigint, terms: { usageLimit?: number; requestNeeded?: boolean }) =>
    world.domain.invites.at(peerId).doExport(stage.by(0), { ...terms, permanent: false, exportId: stage.nextId() });
  const membersOf = async (peerId: bigint): Promise<number> => (await world.domain.chats.findRow(peerId))!.members;

  it.each([
    ['supergroups', 'createSupergroup', LINKS],
    ['basic groups', 'createBasicGroup', 20],
  ] as const)('with one place admit exactly one of many people who come at the same moment, each of whom repeats the call: %s', async (_kind, create, links) => {
    for (let n = 0; n < links; n++) {
      const peerId = await stage[create]();
      const { hash } = await exportLink(peerId, { usageLimit: 1 });
      const enter = (racer: number): Promise<string> =>
        world.domain.invites.doEnter(stage.by(racer), hash).then(
          () => 'in',
          (error: unknown) => (error instanceof Error ? error.message : 'thrown'),
        );
      const racers = Array.from({ length: RACERS }, (_, index) => index + 1);
      const answers = await Promise.all(racers.flatMap((racer) => [enter(racer), enter(racer)]));
      expect(answers.filter((answer) => answer === 'in')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'USER_ALREADY_PARTICIPANT').length).toBeLessThanOrEqual(1);
      const invite = await world.domain.invites.at(peerId).find(people[0]!.user_id, hash);
      expect(invite.usage).toBe(1);
      expect(await membersOf(peerId)).toBe(2);
    }
  });

  it('count a person once, however often the call is repeated', async () => {
    const peerId = await stage.createSupergroup();
    const { hash } = await exportLink(peerId, { usageLimit: 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => errorOf(world.domain.invites.doEnter(stage.by(1), hash)).catch(() => 'in')));
    await world.restart();
    expect(await errorOf(world.domain.invites.doEnter(stage.by(1), hash))).toBe('USER_ALREADY_PARTICIPANT');
    expect(answers.filter((answer) => answer === 'USER_ALREADY_PARTICIPANT')).toHaveLength(19);
    expect(await world.domain.invites.at(peerId).find(people[0]!.user_id, hash)).toMatchObject({ usage: 1 });
  });

  it('lead into the supergroup that a basic group becomes while somebody comes in', async () => {
    const peerId = await stage.createBasicGroup();
    const { hash } = await exportLink(peerId, {});
    const peer = unmarkPeer(peerId);
    const { run } = world.db;
    let newId: bigint | undefined;
    world.db.run = async (statement, values) => {
      const result = await run.call(world.db, statement, values);
      if (statement.name === 'find_invite_owner' && newId === undefined) {
        newId = 0n;
        ({ peerId: newId } = await world.domain.channels.doMigrate({ ...stage.by(0), chatId: peer._ === 'peerChat' ? peer.chat_id : 0n }));
      }
      return result as never;
    };
    try {
      expect((await world.domain.invites.doEnter(stage.by(1), hash)).peerId).toBe(newId);
    } finally {
      world.db.run = run;
    }
    expect(await membersOf(newId!)).toBe(2);
  });

  it('are made once by a repeated call', async () => {
    const peerId = await stage.createSupergroup();
    const links = await Promise.all([1, 2, 3].map(() => world.domain.invites.at(peerId).doExport(stage.by(0), { permanent: false, exportId: 77n })));
    expect(new Set(links.map((link) => link.hash)).size).toBe(1);
    expect(await world.domain.invites.at(peerId).list(people[0]!.user_id, { adminId: people[0]!.user_id, revoked: false, offset: undefined, limit: 10 })).toMatchObject({ count: 1 });
  });

  it('keep 10,000 requests readable in pages and decidable at once', async () => {
    const peerId = await stage.createSupergroup();
    const { hash } = await exportLink(peerId, { requestNeeded: true });
    const count = 10_000;
    await sql`INSERT INTO join_requests (owner_id, user_id, hash, date) SELECT ${peerId}::bigint, 500000000 + n, ${hash}, 1000 + n / 7 FROM generate_series(1, ${count}::integer) AS n`.execute(world.db.q);
    await sql`INSERT INTO join_request_counts (owner_id, pending) VALUES (${peerId}, ${count})`.execute(world.db.q);
    await sql`UPDATE invites SET requested = ${count} WHERE owner_id = ${peerId}`.execute(world.db.q);
    const door = world.domain.invites.at(peerId);
    const viewerId = people[0]!.user_id;
    const seen = new Set<bigint>();
    for (let offset: { date: number; userId: bigint } | undefined; ; ) {
      const { rows, count: said } = await door.listEntrants(viewerId, { requested: true, hash: undefined, q: '', offset, limit: 1000 });
      expect(said).toBe(count);
      expect(rows.length).toBeLessThanOrEqual(100);
      for (const row of rows) seen.add(row.user_id);
      const last = rows.at(-1);
      if (last === undefined || seen.size >= 500) break;
      offset = { date: last.date, userId: last.user_id };
    }
    expect(seen.size).toBe(500);
    expect(await errorOf(world.domain.invites.doEnter(stage.by(1), hash))).toBe('INVITE_REQUEST_SENT');
    // One more request costs no count of the others: the number is kept.
    expect(await door.listEntrants(viewerId, { requested: true, hash, q: '', offset: undefined, limit: 1 })).toMatchObject({ count: count + 1, rows: [{ user_id: people[1]!.user_id }] });
    const decideSome = () => errorOf(door.doDecideSome(stage.by(0), { approved: false, hash: undefined, untilDate: 2 ** 31 - 2 }));
    let steps = 0;
    while (steps < 20 && (await decideSome()) === 'no error') steps++;
    expect(steps).toBe(11);
    const { rows } = await sql<{ pending: number; requested: number }>`SELECT c.pending, i.requested FROM join_request_counts c JOIN invites i USING (owner_id) WHERE c.owner_id = ${peerId}`.execute(world.db.q);
    expect(rows).toEqual([{ pending: 0, requested: 0 }]);
  });

  it('let in a thousand people by one decision', async () => {
    const peerId = await stage.createSupergroup();
    const { hash } = await exportLink(peerId, { requestNeeded: true });
    const count = 1_000;
    const { q } = world.db;
    await sql`INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('user_id', 600000000 + n, 'phone', (88800000000 + n)::text, 'username', NULL))).*
      FROM users u, generate_series(1, ${count}::integer) AS n WHERE u.user_id = ${people[1]!.user_id}`.execute(q);
    await sql`INSERT INTO join_requests (owner_id, user_id, hash, date) SELECT ${peerId}::bigint, 600000000 + n, ${hash}, 1000 + n FROM generate_series(1, ${count}::integer) AS n`.execute(q);
    await sql`INSERT INTO join_request_counts (owner_id, pending) VALUES (${peerId}, ${count})`.execute(q);
    await sql`UPDATE invites SET requested = ${count} WHERE owner_id = ${peerId}`.execute(q);
    await world.domain.invites.doDecideAll(stage.by(0), peerId, { approved: true, hash: undefined });
    // The call itself lets in a few, and a job all others.
    expect(await membersOf(peerId)).toBeLessThan(count / 2);
    await world.runJobs('repeat');
    expect(await membersOf(peerId)).toBe(1 + count);
    const { rows } = await sql<{ pending: number; requested: number; usage: number }>`SELECT c.pending, i.requested, i.usage FROM join_request_counts c JOIN invites i USING (owner_id) WHERE c.owner_id = ${peerId}`.execute(q);
    expect(rows).toEqual([{ pending: 0, requested: 0, usage: count }]);
  });
});
