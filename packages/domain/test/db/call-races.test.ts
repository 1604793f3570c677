import { createHash } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { unpackMessageExtra } from '../../src/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const PROTOCOL: tl.phoneCallProtocol = { _: 'phoneCallProtocol', udp_p2p: true, udp_reflector: true, min_layer: 65, max_layer: 92, library_versions: ['9.0.0'] };
const HANG_UP: tl.PhoneCallDiscardReason = { _: 'phoneCallDiscardReasonHangup' };
const ROUNDS = 100;

/** A power of the key exchange, another one for each number. */
function powerOf(n: number): Uint8Array {
  const power = new Uint8Array(256).fill(n % 251);
  power[0] = 0x40;
  return power;
}

it(`of answers, hang-ups and the time limit at the same moment one wins, ${ROUNDS} times, with one message in each box`, async () => {
  const [alice, bob] = await signUpPeople(world, ['Alice', 'Bob']);
  const [caller, phone, tablet] = [{ userId: alice!.user_id, authKeyId: 11n }, { userId: bob!.user_id, authKeyId: 21n }, { userId: bob!.user_id, authKeyId: 22n }];
  const { calls } = world.domain;
  const overdue = world.domain.jobKinds.find(({ kind }) => kind === 'end-overdue-calls')!;
  const endOverdue = (): Promise<void> => overdue.perform(new Uint8Array(), { db: world.db, ownerId: 0n, signal: new AbortController().signal } as never);
  const peer = { kind: 'user', userId: bob!.user_id, peerId: bob!.user_id, isSelf: false, row: bob! } as const;
  const winners = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const gA = powerOf(round);
    const own = await calls.doRequest(caller, peer, { randomId: round, gAHash: createHash('sha256').update(gA).digest(), video: false, protocol: PROTOCOL });
    const callee = await world.db.q.selectFrom('phone_calls').selectAll().where('owner_id', '=', bob!.user_id).where('call_id', '=', own.call_id).executeTakeFirstOrThrow();
    const [ref, other] = [{ callId: own.call_id, accessHash: own.access_hash }, { callId: own.call_id, accessHash: callee.access_hash }];
    // In every second round the time is over at that moment, too.
    if (round % 2 === 0) await world.clock.advance(26_000);
    const said = { reason: HANG_UP, duration: 9, origin: { authKeyId: 11n, sessionId: 1n } };
    const [first, second] = await Promise.all([
      errorOf(calls.doAccept(phone, other, { gB: powerOf(1), protocol: PROTOCOL })),
      errorOf(calls.doAccept(tablet, other, { gB: powerOf(2), protocol: PROTOCOL })),
      ...(round % 3 === 0 ? [calls.doDiscard(caller, ref, said)] : []),
      ...(round % 2 === 0 ? [endOverdue()] : []),
    ]);
    const won = [first, second].filter((error) => error === 'no error').length;
    expect(won).toBeLessThanOrEqual(1);
    for (const error of [first, second]) expect(['no error', 'CALL_ALREADY_ACCEPTED', 'CALL_ALREADY_DECLINED']).toContain(error);
    const now = await world.db.q.selectFrom('phone_calls').selectAll().where('call_id', '=', own.call_id).orderBy('is_caller').execute();
    const [theirs, ours] = now as [typeof callee, typeof callee];
    expect([theirs.ended_date, theirs.reason, theirs.auth_key_id]).toEqual([ours.ended_date, ours.reason, ours.peer_auth_key_id]);
    if (won === 1) expect(theirs.auth_key_id).toBe(first === 'no error' ? phone.authKeyId : tablet.authKeyId);
    if (won === 0) expect(ours.ended_date).not.toBeNull();
    winners.set(won === 1 ? 'an answer' : 'an end', (winners.get(won === 1 ? 'an answer' : 'an end') ?? 0) + 1);
    await calls.doDiscard(caller, ref, said);
  }
  expect(winners.get('an answer')).toBeGreaterThan(0);
  for (const owner of [alice!, bob!]) {
    const rows = await world.db.q.selectFrom('messages').select('extra').where('owner_id', '=', owner.user_id).execute();
    const ids = rows.flatMap(({ extra }) => {
      const { action } = unpackMessageExtra(extra);
      return action?._ === 'messageActionPhoneCall' ? [action.call_id] : [];
    });
    expect([ids.length, new Set(ids).size]).toEqual([ROUNDS, ROUNDS]);
  }
});

it('ends a call of which one account was deleted, in the box of the other', async () => {
  const [carol, dora] = [await world.signUp('9996690010', 'Carol'), await world.signUp('9996690011', 'Dora')];
  const row = (await world.domain.users.findRow(dora.userId))!;
  const own = await world.domain.calls.doRequest({ userId: carol.userId, authKeyId: 31n }, { kind: 'user', userId: dora.userId, peerId: dora.userId, isSelf: false, row }, { randomId: 1, gAHash: new Uint8Array(32), video: true, protocol: PROTOCOL });
  await world.domain.auth.doEndAccount(carol.userId, 'by the operator');
  await world.runJobs();
  await world.clock.advance(26_000);
  await world.domain.jobKinds.find(({ kind }) => kind === 'end-overdue-calls')!.perform(new Uint8Array(), { db: world.db, ownerId: 0n, signal: new AbortController().signal } as never);
  const left = await world.db.q.selectFrom('phone_calls').select(['owner_id', 'ended_date']).where('call_id', '=', own.call_id).execute();
  expect(left).toEqual([{ owner_id: dora.userId, ended_date: expect.any(Number) as number }]);
  const boxes = await world.db.q.selectFrom('messages').select('owner_id').where('global_id', '=', own.call_id).execute();
  expect(boxes).toEqual([{ owner_id: dora.userId }]);
});
