import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PRIVATE_CHATS } from '../../src/chats/index.ts';
import { saveRetention } from '../../src/operators/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const DAY_MS = 86_400_000;

describe('messages of private chats', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 5000n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, 4);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const send = async (from: number, to: number, text: string): Promise<void> => {
    const peer = { kind: 'user', userId: person(to), peerId: person(to), isSelf: from === to, row: people[to]! } as const;
    await world.domain.messages.doSendText(peer, { senderId: person(from), text: { text, entities: [] }, randomId: ++randomId, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined });
  };
  const textsOf = async (n: number): Promise<string[]> => (await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', person(n)).where('text', '<>', '').orderBy('msg_id').execute()).map((row) => row.text);
  const retain = async (): Promise<void> => {
    const job = world.domain.jobKinds.find((one) => one.kind === 'retain-private')!;
    await job.perform(new Uint8Array(), { ownerId: 0n, db: world.db, signal: new AbortController().signal } as never);
  };
  const setDays = (days: number): Promise<void> => world.db.transact('test', (tx) => saveRetention(tx, PRIVATE_CHATS, days));

  it('are deleted for both when they are as old as the operator wants, but not own notes, and not while somebody exports them', async () => {
    await send(0, 1, 'old');
    await send(0, 0, 'an own note');
    await send(2, 3, 'old, too');
    await world.clock.advance(3 * DAY_MS);
    await send(1, 0, 'new');
    const pts = await world.domain.updates.findState(person(0));
    await retain();
    expect(await textsOf(0)).toEqual(['old', 'an own note', 'new']);

    expect(await world.domain.ttl.findPrivateDays()).toBe(0);
    await setDays(2);
    expect(await world.domain.ttl.findPrivateDays()).toBe(2);
    const now = world.clock.now();
    await world.db.q.insertInto('takeouts').values({ user_id: person(2), auth_key_id: 7n, requested_date: now, takeout_id: 9n, other_data: null }).execute();
    await retain();
    expect([await textsOf(0), await textsOf(1), await textsOf(2), await textsOf(3)]).toEqual([['an own note', 'new'], ['new'], ['old, too'], []]);
    // Devices are told as of any other deletion.
    expect((await world.domain.updates.findState(person(0))).pts).toBe(pts.pts + 1);

    // An export that is never ended keeps nothing for ever.
    await world.clock.advance(4 * DAY_MS);
    await retain();
    await retain();
    expect([await textsOf(0), await textsOf(1), await textsOf(2)]).toEqual([['an own note'], [], []]);
    await setDays(0);
  });
});
