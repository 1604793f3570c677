import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hasFlag, MessageFlag, unpackMessageExtra } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { QUOTAS } from '../../src/shared/index.ts';
import { createStrangerStage, DAY_MS } from './stranger-stage.ts';

const BUDGET = QUOTAS.placeMessages.capacity;

const stage = await createStrangerStage();
const { world, arrive, arriveAll, by, createGroup, createChannel, chatIdOf, doorOf, invite, post, write, barOf, isAccepted, boxOf, standOf, isMember, block } = stage;

/** How people leave the groups and channels to which strangers have added them. */
describe('places that strangers give', () => {
  /** People whose accounts are older than a week. */
  let old: [UserRow, UserRow, UserRow];
  let victim: UserRow;
  const NORMAL = { folder: 0, muted: undefined };
  beforeAll(async () => {
    old = (await arriveAll(3)) as typeof old;
    await world.clock.advance(8 * DAY_MS);
  });
  beforeEach(async () => {
    victim = await arrive();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function report(peerId: bigint, more: Partial<Parameters<typeof world.domain.reports.doReport>[0]> = {}): Promise<void> {
    await world.domain.reports.doReport({ ownerId: victim.user_id, peerId, messages: [], reason: 'spam', comment: '', ...more });
    await world.runJobs('repeat');
  }

  describe.each(['basic group', 'supergroup'] as const)('in a %s', (kind) => {
    let adder: UserRow;
    let peerId: bigint;
    beforeEach(async () => {
      adder = await arrive();
      if (kind === 'supergroup') await invite(adder, (peerId = await createChannel(adder)), [victim]);
      else ({ peerId } = await createGroup(adder, [victim]));
    });

    it('are left nevertheless if their owner answers the adder and then blocks or reports the adder', async () => {
      const written = (await createGroup(adder, [victim])).peerId;
      await post(victim, written);
      await write(adder, victim);
      await write(victim, adder);
      const other = (await createGroup(adder, [victim])).peerId;
      expect([await isAccepted(victim, peerId), await isAccepted(victim, other)]).toEqual([true, true]);
      await block(victim, adder);
      expect([await isMember(victim, peerId), await isMember(victim, written)]).toEqual([false, true]);
    });

    it('count as accepted once their owner has answered the adder', async () => {
      await post(adder, peerId, BUDGET);
      await world.runJobs();
      await write(victim, adder);
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
      await post(adder, peerId, BUDGET);
      await world.runJobs();
      expect(await standOf(victim, peerId)).toEqual(NORMAL);
      await post(victim, peerId);
      await block(victim, adder);
      expect(await isMember(victim, peerId)).toBe(true);
    });

    it('are left when their owner blocks the adder, without a message, and nothing is added afterwards', async () => {
      const accepted = (await createGroup(adder, [victim])).peerId;
      await post(victim, accepted);
      // Of another stranger.
      const foreign = (await createGroup(old[0], [victim])).peerId;
      await block(victim, adder);
      expect([await isMember(victim, peerId), await isMember(victim, accepted), await isMember(victim, foreign)]).toEqual([false, true, true]);
      const says = kind === 'basic group' ? (await boxOf(adder, peerId)).filter((row) => hasFlag(row, MessageFlag.service)).map((row) => unpackMessageExtra(row.extra).action?._) : [];
      expect(says).toEqual(kind === 'basic group' ? ['messageActionChatCreate'] : []);
      const received = (await boxOf(victim, peerId)).length;
      await post(adder, peerId, 5);
      expect(await boxOf(victim, peerId)).toHaveLength(received);
      expect((await createGroup(adder, [victim])).missing).toEqual([victim.user_id]);
      expect(await barOf(victim, peerId)).toEqual({ _: 'peerSettings' });
    });

    it('are not left if their owner accepts them before the job runs', async () => {
      await world.domain.blocks.doReplace(victim.user_id, [adder.user_id], false, undefined);
      await post(victim, peerId);
      await world.runJobs();
      expect(await isMember(victim, peerId)).toBe(true);
    });

    it('are left when their owner reports the adder for spam, or one of them, even after leaving that one', async () => {
      const second = (await createGroup(adder, [victim])).peerId;
      await report(second, { reason: 'violence' });
      expect([await isMember(victim, peerId), await isMember(victim, second)]).toEqual([true, true]);
      await report(second);
      expect([await isMember(victim, peerId), await isMember(victim, second)]).toEqual([false, false]);

      const [third, fourth, fifth] = [await createGroup(adder, [victim]), await createGroup(adder, [victim]), await createGroup(adder, [victim])].map((group) => group.peerId) as [bigint, bigint, bigint];
      await world.domain.groups.doRemoveUser({ ...by(victim), chatId: chatIdOf(third) }, victim.user_id, false);
      await report(third);
      expect([await isMember(victim, fourth), await isMember(victim, fifth)]).toEqual([false, false]);
    });

    it('are left when their owner reports messages of the adder', async () => {
      const other = (await createGroup(old[0], [victim, adder])).peerId;
      await post(old[0], other);
      await post(adder, other);
      const [ofOther, ofAdder] = (await boxOf(victim, other)).slice(-2);
      await report(other, { messages: [ofAdder!] });
      expect([await isMember(victim, peerId), await isMember(victim, other)]).toEqual([false, true]);
      await report(other, { messages: [ofOther!] });
      expect(await isMember(victim, other)).toBe(false);
    });
  });

  it('do not show which anonymous admin has given them', async () => {
    const [owner, admin, suspect] = old;
    const places: bigint[] = [];
    for (const { user_id: userId } of [admin, admin, suspect]) {
      const place = await createChannel(owner);
      places.push(place);
      await invite(owner, place, [admin, suspect]);
      await doorOf(place).members.doEditAdmin({ ...by(owner), userId, rights: { _: 'chatAdminRights', anonymous: true, invite_users: true }, rank: '' });
      await invite(userId === admin.user_id ? admin : suspect, place, [victim]);
    }
    const shown = (await createGroup(admin, [victim])).peerId;
    const areIn = (): Promise<boolean[]> => Promise.all([...places, shown].map((place) => isMember(victim, place)));
    await world.domain.contacts.doAddContact(victim.user_id, admin, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    expect(await Promise.all([...places, shown].map((place) => isAccepted(victim, place)))).toEqual([false, false, false, true]);
    await block(victim, admin);
    expect(await areIn()).toEqual([true, true, true, false]);
    // The place itself is left.
    await report(places[0]!);
    expect(await areIn()).toEqual([false, true, true, false]);
    await post(victim, places[1]!);
    expect(await isAccepted(victim, places[1]!)).toBe(true);
  });

  it('of anonymous admins count for the accounts behind them', async () => {
    const owner = await arrive();
    const missing: bigint[][] = [];
    for (let n = 0; n < 6; n++) {
      const place = await createChannel(owner);
      await doorOf(place).members.doEditAdmin({ ...by(owner), userId: owner.user_id, rights: { _: 'chatAdminRights', anonymous: true, invite_users: true }, rank: '' });
      missing.push(await invite(owner, place, [victim]));
    }
    expect(missing).toEqual([[], [], [], [], [], [victim.user_id]]);
  });
});
