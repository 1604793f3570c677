import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
/** More than fit into one answer, so that the order is kept. */
const MEMBERS = 300;
const memberId = (n: number): bigint => 500_000_000n + BigInt(n);

describe('the members of a large group', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let channelId: bigint;

  beforeAll(async () => {
    world = await createWorld();
    ({ userId: alice } = await world.signUp('9996600000', 'Alice'));
    ({ userId: bob } = await world.signUp('9996610001', 'Bob'));
    const { first } = await world.domain.channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'Many', about: '', ttlPeriod: 0, randomId: 7n, origin: ORIGIN });
    channelId = -first.owner_id - 10n ** 12n;
    const { q } = world.db;
    await sql`
      INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('user_id', 500000000 + n, 'phone', (88800000000 + n)::text, 'username', NULL, 'online_date', n))).*
        FROM users u, generate_series(1, ${MEMBERS}::integer) AS n WHERE u.user_id = ${alice}`.execute(q);
    await sql`
      INSERT INTO channel_members SELECT (jsonb_populate_record(m, jsonb_build_object('user_id', 500000000 + n, 'role', 'member', 'admin_rights', 0))).*
        FROM channel_members m, generate_series(1, ${MEMBERS}::integer) AS n WHERE m.user_id = ${alice} AND m.channel_id = ${channelId}`.execute(q);
    await sql`UPDATE channel_heads SET members = members + ${MEMBERS} WHERE channel_id = ${channelId}`.execute(q);
    await sql`UPDATE users SET online_date = 0 WHERE user_id IN (${alice}, ${bob})`.execute(q);
    await world.domain.chats.chatChanged(markPeer({ _: 'peerChannel', channel_id: channelId }), []);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const members = () => world.domain.channels.at(channelId).members;
  async function recent(viewerId: bigint, offset: number, limit: number): Promise<bigint[]> {
    const { participants } = await members().list(viewerId, { filter: { kind: 'recent' }, offset, limit });
    return participants.flatMap((one) => ('user_id' in one ? [one.user_id] : []));
  }
  const setOnline = (userId: bigint, date: number) => sql`UPDATE users SET online_date = ${date} WHERE user_id = ${userId}`.execute(world.db.q);

  it('are listed in the order in which they were last online, page by page', async () => {
    const [first, second] = [await recent(alice, 0, 100), await recent(alice, 100, 100)];
    expect(first).toEqual(Array.from({ length: 100 }, (_, n) => memberId(MEMBERS - n)));
    expect(second[0]).toBe(memberId(MEMBERS - 100));
    expect(await recent(alice, 300, 100)).toEqual([alice]);
  });

  it('keep their order for ten seconds, in which the list does not move under clients that page', async () => {
    await setOnline(memberId(1), 10_000);
    expect((await recent(alice, 0, 1))[0]).toBe(memberId(MEMBERS));
    await world.clock.advance(10_000);
    expect((await recent(alice, 0, 1))[0]).toBe(memberId(1));
  });

  it('are listed as soon as they have joined, and not any more once they have left', async () => {
    const before = await recent(alice, 0, 200);
    expect(before).not.toContain(bob);
    await setOnline(bob, 20_000);
    await members().doInvite({ actorId: alice, origin: ORIGIN }, [(await world.domain.users.findRow(bob))!]);
    expect((await recent(alice, 0, 200))[0]).toBe(bob);
    await members().doLeave({ actorId: bob, origin: ORIGIN });
    expect(await recent(alice, 0, 200)).toEqual(before);
  });

  it('are counted as online by ordinary members without the anonymous admins, whom the list does not name either', async () => {
    const now = world.clock.now();
    const admin = memberId(MEMBERS);
    await sql`UPDATE users SET online_date = ${now + 100} WHERE user_id IN (${admin}, ${memberId(2)}, ${memberId(3)})`.execute(world.db.q);
    await members().doEditAdmin({ actorId: alice, origin: ORIGIN, userId: admin, rights: { _: 'chatAdminRights', anonymous: true, pin_messages: true }, rank: '' });
    await world.clock.advance(10_000);
    expect([await members().countOnline(alice), await members().countOnline(memberId(5))]).toEqual([3, 2]);
    expect(await recent(alice, 0, 3)).toContain(admin);
    expect(await recent(memberId(5), 0, 200)).not.toContain(admin);
  });
});
