import type { UserRow } from '@aerogram/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listFollowedChannels } from '../../src/dialogs/index.ts';
import { QUOTAS } from '../../src/shared/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const MAX = 5;

let world: World;
let people: UserRow[];
let randomId = 1n;
beforeAll(async () => {
  world = await createWorld({ channelsPerUserMax: MAX });
  people = await signUpPeople(world, 2);
});
afterAll(() => world[Symbol.asyncDispose]());

const by = (n: number) => ({ actorId: people[n]!.user_id, origin: ORIGIN });
const create = (n: number, id = ++randomId) =>
  world.domain.channels.doCreate({ creatorId: people[n]!.user_id, kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: id, origin: ORIGIN });
const membersOf = (ownerId: bigint) => world.domain.channels.at(-ownerId - 10n ** 12n).members;

test('nobody can create, join or be invited to more channels than the limit; leaving one makes room', async () => {
  const [extra, ...full] = [await create(1), ...(await Promise.all(Array.from({ length: MAX }, () => create(0))))];
  expect(await errorOf(create(0))).toBe('CHANNELS_TOO_MUCH');
  // A repeat of a call that was done is answered as before.
  expect((await create(0, randomId - 1n)).first.owner_id).toBe(full.at(-1)!.first.owner_id);
  expect(await errorOf(membersOf(extra.first.owner_id).doInvite(by(1), [people[0]!]))).toBe('USER_CHANNELS_TOO_MUCH');
  await membersOf(full[0]!.first.owner_id).doLeave(by(0));
  expect(await errorOf(membersOf(extra.first.owner_id).doInvite(by(1), [people[0]!]))).toBe('no error');
  expect(await errorOf(membersOf(full[0]!.first.owner_id).doJoin(by(0)))).toBe('CHANNELS_TOO_MUCH');
});

test('a bot may be in ten times as many channels as a person, and follows all of them', async () => {
  const botId = 7_000_001n;
  await world.db.transact('make-bot', async (tx) => {
    await tx.q.insertInto('users').values({ user_id: botId, phone: null, bot: true, first_name: 'Bot', last_name: '', username: null, created_date: 1, online_date: 0 }).execute();
    await tx.q.insertInto('bots').values({ bot_id: botId, owner_id: null, created_date: 1, token_hash: new Uint8Array(32), sealed_token: new Uint8Array() }).execute();
  });
  const bot = (await world.domain.users.findRow(botId))!;
  const owners: bigint[] = [];
  for (let n = 0; n < 10 * MAX; n++) {
    // Each person is in few channels.
    const { userId: creatorId } = n % (MAX - 1) === 0 ? await world.signUp(`99966255${String(n).padStart(2, '0')}`, 'Creator') : { userId: owners.at(-1)! };
    owners.push(creatorId);
    const { first } = await world.domain.channels.doCreate({ creatorId, kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    expect(await errorOf(membersOf(first.owner_id).doInvite({ actorId: creatorId, origin: ORIGIN }, [bot]))).toBe('no error');
  }
  const { userId: creatorId } = await world.signUp('9996625599', 'Last');
  const last = await world.domain.channels.doCreate({ creatorId, kind: 'megagroup', title: 'A group', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  expect(await errorOf(membersOf(last.first.owner_id).doInvite({ actorId: creatorId, origin: ORIGIN }, [bot]))).toBe('USER_CHANNELS_TOO_MUCH');
  // The list has room for places that nobody has accepted on top of the limit.
  expect(await listFollowedChannels(world.db, botId, MAX - QUOTAS.unacceptedPlaces.most)).toHaveLength(10 * MAX);
});

test('a group becomes no supergroup while its creator is in as many channels as allowed', async () => {
  const { userId: creatorId } = await world.signUp('9996629999', 'Creator');
  const group = await world.domain.groups.doCreate({ creatorId, title: 'A group', users: [people[1]!], ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
  const migration = { actorId: creatorId, origin: ORIGIN, chatId: -group.notice!.peer_id };
  const created = [];
  for (let n = 0; n < MAX; n++) {
    created.push(await world.domain.channels.doCreate({ creatorId, kind: 'megagroup', title: 'Another', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN }));
  }
  expect(await errorOf(world.domain.channels.doMigrate(migration))).toBe('CHANNELS_TOO_MUCH');
  await membersOf(created[0]!.first.owner_id).doLeave(migration);
  expect(await errorOf(world.domain.channels.doMigrate(migration))).toBe('no error');
});
