import { unmarkPeer } from '@aerogram/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mayAnswerRequest } from '../../src/invites/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { createInviteStage, type InviteStage } from './invite-stage.ts';

const PEOPLE = 10;

describe('a decision on all requests to join', () => {
  let world: World;
  let stage: InviteStage;
  let people: InviteStage['people'];
  beforeAll(async () => {
    stage = await createInviteStage(PEOPLE, { groupMembersMax: 6, supergroupMembersMax: 6 }, { keepsLog: true });
    world = stage.world;
    people = stage.people;
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** People 1, 2, … ask to be let in, in this order. */
  async function ask(peerId: bigint, count: number): Promise<string> {
    const { hash } = await world.domain.invites.at(peerId).doExport(stage.by(0), { requestNeeded: true, permanent: false, exportId: stage.nextId() });
    for (let n = 1; n <= count; n++) {
      await world.clock.advance(1000);
      expect(await errorOf(world.domain.invites.doEnter(stage.by(n), hash))).toBe('INVITE_REQUEST_SENT');
    }
    return hash;
  }

  const decideAll = (peerId: bigint, approved: boolean, hash?: string) => world.domain.invites.doDecideAll(stage.by(0), peerId, { approved, hash });
  const membersOf = async (peerId: bigint): Promise<number> => (await world.domain.chats.findRow(peerId))!.members;
  const countRequests = async (peerId: bigint): Promise<number> =>
    (await world.domain.invites.at(peerId).listEntrants(people[0]!.user_id, { requested: true, hash: undefined, q: '', offset: undefined, limit: 100 })).count;

  it.each([
    ['a supergroup', 'createSupergroup'],
    ['a basic group', 'createBasicGroup'],
  ] as const)('fills the places that are left in %s, and leaves the others asking', async (_kind, create) => {
    const peerId = await stage[create]();
    await ask(peerId, 9);
    await decideAll(peerId, true);
    await world.runJobs('repeat');
    expect(await membersOf(peerId)).toBe(6);
    // Those who asked first are in.
    const asking = await world.domain.invites.at(peerId).listEntrants(people[0]!.user_id, { requested: true, hash: undefined, q: '', offset: undefined, limit: 100 });
    expect(asking.rows.map((row) => row.user_id)).toEqual([9, 8, 7, 6].map((n) => people[n]!.user_id));
    expect(world.logged.at(-1)).toMatchObject({ refusal: 'USERS_TOO_MUCH' });
    expect(await errorOf(decideAll(peerId, true))).toBe('USERS_TOO_MUCH');
    await decideAll(peerId, false);
    expect(await countRequests(peerId)).toBe(0);
  });

  it.each([
    ['a supergroup', 'createSupergroup'],
    ['a basic group', 'createBasicGroup'],
  ] as const)('ends the time in which admins of %s that are bots may write to somebody who asks; five minutes do, too', async (_kind, create) => {
    const peerId = await stage[create]();
    await ask(peerId, 1);
    // The function does not look at whether the admin is a bot.
    const mayWrite = (admin: number, userId = people[1]!.user_id) => mayAnswerRequest(world.db, { botId: people[admin]!.user_id, userId, nowDate: world.clock.now() });
    expect([await mayWrite(0), await mayWrite(2), await mayWrite(0, people[3]!.user_id)]).toEqual([true, false, false]);
    await world.clock.advance(299_000);
    expect(await mayWrite(0)).toBe(true);
    await world.clock.advance(1_000);
    expect(await mayWrite(0)).toBe(false);
    await ask(peerId, 1);
    expect(await mayWrite(0)).toBe(true);
    await decideAll(peerId, false);
    expect(await mayWrite(0)).toBe(false);
  });

  it.each([
    ['the first step', 1],
    ['a step of the job', 2],
  ] as const)('goes on when another admin has answered just the requests of %s', async (_what, wanted) => {
    const peerId = await stage.createBasicGroup();
    await ask(peerId, 5);
    const { run } = world.db;
    let steps = 0;
    world.db.run = async (statement, values) => {
      const result = await run.call(world.db, statement, values);
      const isStep = statement.name === 'list_first_join_requests' && values.at(-1) === 2;
      if (isStep && ++steps === wanted) for (const { user_id: userId } of result.rows as { user_id: bigint }[]) await world.domain.invites.at(peerId).doDecide(stage.by(0), userId, false);
      return result as never;
    };
    try {
      await decideAll(peerId, true);
      await world.runJobs();
    } finally {
      world.db.run = run;
    }
    expect(steps).toBeGreaterThan(wanted);
    expect(await countRequests(peerId)).toBe(0);
    expect(await membersOf(peerId)).toBe(4);
  });

  it('goes on in the supergroup that a basic group has become meanwhile', async () => {
    const peerId = await stage.createBasicGroup();
    await ask(peerId, 5);
    await decideAll(peerId, true);
    const peer = unmarkPeer(peerId);
    const { peerId: newId } = await world.domain.channels.doMigrate({ ...stage.by(0), chatId: peer._ === 'peerChat' ? peer.chat_id : 0n });
    expect(await countRequests(newId)).toBe(3);
    await world.runJobs('repeat');
    expect(await countRequests(newId)).toBe(0);
    expect(await membersOf(newId)).toBe(6);
  });

  it('on the requests of one link goes on in the supergroup, too', async () => {
    const peerId = await stage.createBasicGroup();
    const hash = await ask(peerId, 5);
    await decideAll(peerId, true, hash);
    const peer = unmarkPeer(peerId);
    const { peerId: newId } = await world.domain.channels.doMigrate({ ...stage.by(0), chatId: peer._ === 'peerChat' ? peer.chat_id : 0n });
    expect(await countRequests(newId)).toBe(3);
    await world.runJobs('repeat');
    expect(await countRequests(newId)).toBe(0);
    expect(await membersOf(newId)).toBe(6);
  });
});
