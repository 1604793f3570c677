import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { onUserHint } from '../../src/events/index.ts';
import { errorOf, type World } from './accounts-world.ts';
import { createInviteStage, type InviteStage } from './invite-stage.ts';

const ASKERS = 8;
const ALICE = 0;
const BOB = 1;
const FIRST_ASKER = 2;

describe('admins who are online are told of requests to join', () => {
  let world: World;
  let stage: InviteStage;
  let people: InviteStage['people'];
  /** The numbers of requests that admins were told, by admin. */
  const told = new Map<number, number[]>();
  beforeAll(async () => {
    stage = await createInviteStage(FIRST_ASKER + ASKERS);
    world = stage.world;
    people = stage.people;
    for (const admin of [ALICE, BOB]) {
      onUserHint(world.bus, people[admin]!.user_id, (hint) => {
        const update = (hint as { update?: tl.Update }).update;
        if (update?._ === 'updatePendingJoinRequests') told.get(admin)!.push(update.requests_pending);
      });
    }
  });
  beforeEach(() => {
    for (const admin of [ALICE, BOB]) told.set(admin, []);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const isTold = async (admin: number, numbers: number[]): Promise<void> => {
    await expect.poll(() => told.get(admin), { timeout: 30_000 }).toEqual(numbers);
  };

  const exportLink = (peerId: bigint) => world.domain.invites.at(peerId).doExport(stage.by(ALICE), { requestNeeded: true, permanent: false, exportId: stage.nextId() });
  async function ask(hash: string, from: number, to: number): Promise<void> {
    for (let n = from; n < to; n++) expect(await errorOf(world.domain.invites.doEnter(stage.by(FIRST_ASKER + n), hash))).toBe('INVITE_REQUEST_SENT');
  }

  it.each([
    ['a supergroup', 'createSupergroup'],
    ['a basic group', 'createBasicGroup'],
  ] as const)('to %s at once, then once a second, and in the end of the last state', async (_kind, create) => {
    const peerId = await stage[create]();
    const { hash } = await exportLink(peerId);
    await ask(hash, 0, 1);
    await isTold(ALICE, [1]);
    await ask(hash, 1, ASKERS);
    await world.domain.invites.at(peerId).doDecide(stage.by(ALICE), people[FIRST_ASKER]!.user_id, false);
    expect(told.get(ALICE)).toEqual([1]);
    await world.clock.advance(1000);
    await isTold(ALICE, [1, ASKERS - 1]);
    // Nothing has changed since then.
    await world.clock.advance(5000);
    await ask(hash, 0, 1);
    await isTold(ALICE, [1, ASKERS - 1, ASKERS]);
    await world.clock.advance(5000);
  });

  it('while they may let people in, and not any more', async () => {
    const peerId = await stage.createSupergroup();
    const at = world.domain.channels.at(-1_000_000_000_000n - peerId);
    await at.members.doInvite(stage.by(ALICE), [people[BOB]!]);
    const promote = (invite_users: boolean) =>
      at.members.doEditAdmin({ ...stage.by(ALICE), userId: people[BOB]!.user_id, rights: { _: 'chatAdminRights', pin_messages: true, ...(invite_users ? { invite_users } : {}) }, rank: '' });
    await promote(true);
    const { hash } = await exportLink(peerId);
    await ask(hash, 0, 1);
    await isTold(BOB, [1]);
    await ask(hash, 1, 2);
    await promote(false);
    await world.clock.advance(1000);
    await isTold(ALICE, [1, 2]);
    expect(told.get(BOB)).toEqual([1]);
    await world.clock.advance(5000);
  });
});
