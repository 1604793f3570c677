import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createWorld, type World } from './accounts-world.ts';

const MINUTE_MS = 60_000;

describe('online status', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let carol: bigint;
  let people = 0;
  const told: { to: bigint; update: tl.updateUserStatus }[] = [];

  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    [alice, bob, carol] = [await signUp('Alice'), await signUp('Bob'), await signUp('Carol')];
    for (const to of [bob, carol]) {
      world.bus.subscribe(userTopic(to), (hint) => {
        const { update } = hint as { update?: tl.Update };
        if (update?._ === 'updateUserStatus') told.push({ to, update });
      });
      await see(to);
    }
    told.length = 0;
  });

  async function signUp(name: string): Promise<bigint> {
    people++;
    return (await world.signUp(`99966${String(people).padStart(5, '0')}`, name)).userId;
  }

  /** Alice's status as a viewer sees it. The viewer is told of changes from now on. */
  async function see(viewer: bigint): Promise<string | undefined> {
    const [user] = await world.domain.users.projectUsers(viewer, [alice]);
    return user?._ === 'user' ? user.status?._ : undefined;
  }

  const toldTo = (viewer: bigint): string[] => told.filter(({ to }) => to === viewer).map(({ update }) => update.status._);

  /** Writes the collected changes; then each viewer was told of this status once. */
  async function flushAndTell(status: string): Promise<void> {
    await world.domain.users.presence.flush();
    await vi.waitFor(() => expect([toldTo(bob), toldTo(carol)]).toEqual([[status], [status]]));
    told.length = 0;
  }

  it('shows users who send or read as online, and pushes that at most every two minutes', async () => {
    const { users } = world.domain;
    users.noteSign(alice, 'acting');
    expect(await see(bob)).toBe('userStatusOnline');
    await flushAndTell('userStatusOnline');
    for (let second = 0; second < 119; second += 7) {
      users.noteSign(alice, 'reading');
      users.noteSign(alice, 'acting');
      await world.clock.advance(7000);
    }
    expect(users.presence.findPending(alice)).toBeUndefined();
    expect(told).toEqual([]);
    await world.clock.advance(MINUTE_MS);
    users.noteSign(alice, 'reading');
    await flushAndTell('userStatusOnline');
    await world.clock.advance(4 * MINUTE_MS);
    expect(await see(bob)).toBe('userStatusOnline');
    await world.clock.advance(2 * MINUTE_MS);
    expect(await see(bob)).toBe('userStatusOffline');
  });

  it('lets a client report its user as offline, whatever was read just before', async () => {
    const { users } = world.domain;
    users.noteSign(alice, 'acting');
    await flushAndTell('userStatusOnline');
    users.doUpdateStatus(alice, false);
    // Clients mark messages as read with a delay of some seconds.
    await world.clock.advance(3000);
    users.noteSign(alice, 'reading');
    await flushAndTell('userStatusOffline');
    expect(await see(bob)).toBe('userStatusOffline');
    users.noteSign(alice, 'acting');
    await flushAndTell('userStatusOnline');
    users.doUpdateStatus(alice, false);
    await flushAndTell('userStatusOffline');
    await world.clock.advance(MINUTE_MS);
    users.noteSign(alice, 'reading');
    expect(await see(bob)).toBe('userStatusOnline');
    await flushAndTell('userStatusOnline');
  });

  it('hides the last seen time at once from viewers who see the user online, and shows it again', async () => {
    const { privacy, users } = world.domain;
    users.doUpdateStatus(alice, true);
    await flushAndTell('userStatusOnline');
    await privacy.doSetRules(alice, 'StatusTimestamp', [{ kind: 'AllowUsers', ids: [carol] }, { kind: 'DisallowAll', ids: [] }], undefined);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.find(({ to }) => to === bob)!.update).toEqual({ _: 'updateUserStatus', user_id: alice, status: { _: 'userStatusRecently', by_me: undefined } });
    expect(told.find(({ to }) => to === carol)!.update.status._).toBe('userStatusOnline');
    told.length = 0;
    await privacy.doSetRules(alice, 'StatusTimestamp', [{ kind: 'AllowAll', ids: [] }], undefined);
    await vi.waitFor(() => expect(told.map(({ update }) => update.status._)).toEqual(['userStatusOnline', 'userStatusOnline']));
    told.length = 0;
    // Other privacy keys do not affect it.
    await privacy.doSetRules(alice, 'About', [{ kind: 'DisallowAll', ids: [] }], undefined);
    users.doUpdateStatus(alice, false);
    await flushAndTell('userStatusOffline');
  });
});
