import { WebLinks } from '@aerogram/kit';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { encode, LAYER } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const PLACE = { http: { host: '127.0.0.1', port: 8080 }, dc_id: 2 };
const clock = createFakeClock();
const links = new WebLinks({ random: seededRandom('links'), clock });

/** The token of a new link. */
function tokenFor(userId: bigint): string {
  return new URLSearchParams(new URL(links.create(userId, PLACE)).hash.slice(1)).get('tgWebAuthToken')!;
}

/** Shows a token. @returns the id of the user of the answer, or the error */
async function show(world: RpcWorld, authKeyId: bigint, token: string, from?: string): Promise<bigint | string | undefined> {
  const query = { _: 'auth.importWebTokenAuthorization', api_id: 1, api_hash: 'h', web_auth_token: token } as const;
  const { error, caller } = await world.callBytes(authKeyId, encode({ _: 'invokeWithLayer', layer: LAYER, query }), from);
  return error ?? caller.userId;
}

/** Who is logged in with a key. */
async function ownerOf(world: RpcWorld, authKeyId: bigint): Promise<bigint | undefined> {
  return (await world.domain.auth.findKeyState(authKeyId))?.userId;
}

describe('a server that has web tokens', () => {
  let world: RpcWorld;
  let ann: { authKeyId: bigint; userId: bigint };
  let bob: { authKeyId: bigint; userId: bigint };
  beforeAll(async () => {
    world = await createRpcWorld('web-tokens', undefined, {}, { webTokens: links });
    ann = await world.signUp('9996610001', 'Ann');
    bob = await world.signUp('9996620001', 'Bob');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('a token logs one device in, which becomes one of the devices of its user', async () => {
    const [token, device, other] = [tokenFor(ann.userId), await world.newKey(), await world.newKey()];
    expect(await show(world, device, token)).toBe(ann.userId);
    const rows = await world.db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', ann.userId).execute();
    expect(rows.map((row) => row.auth_key_id)).toEqual(expect.arrayContaining([ann.authKeyId, device]));
    expect(await show(world, other, token)).toBe('TOKEN_INVALID');
    expect(await ownerOf(world, other)).toBeUndefined();
    // The answer of the first call may have been lost.
    expect(await show(world, device, token)).toBe(ann.userId);
    await world.call(device, { _: 'auth.logOut' });
    expect(await show(world, device, token)).toBe('TOKEN_INVALID');
  });

  test('a token that is ten minutes old logs nobody in', async () => {
    const [late, inTime] = [tokenFor(ann.userId), tokenFor(ann.userId)];
    await clock.advance(599_000);
    expect(await show(world, await world.newKey(), inTime)).toBe(ann.userId);
    await clock.advance(1000);
    expect(await show(world, await world.newKey(), late)).toBe('TOKEN_INVALID');
  });

  test('another machine cannot use a token, and does not spend it', async () => {
    const [token, device] = [tokenFor(ann.userId), await world.newKey()];
    for (const from of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1']) expect(await show(world, device, token, from)).toBe('TOKEN_INVALID');
    expect(await show(world, device, token, '::ffff:127.0.0.1')).toBe(ann.userId);
  });

  test('a device that is logged in as somebody else stays that', async () => {
    const token = tokenFor(ann.userId);
    expect(await show(world, bob.authKeyId, token)).toBe('TOKEN_INVALID');
    expect(await ownerOf(world, bob.authKeyId)).toBe(bob.userId);
    expect(await show(world, await world.newKey(), token)).toBe(ann.userId);
  });

  test('the token of an account that is gone logs nobody in', async () => {
    const eve = await world.signUp('9996630001', 'Eve');
    const token = tokenFor(eve.userId);
    expect((await world.call(eve.authKeyId, { _: 'account.deleteAccount', reason: '' })).error).toBeUndefined();
    const device = await world.newKey();
    expect(await show(world, device, token)).toBe('TOKEN_INVALID');
    expect(await ownerOf(world, device)).toBeUndefined();
  });

  test('whoever guesses tokens has to wait after twenty, and a right token works all the same', async () => {
    const device = await world.newKey();
    const answers = new Set<unknown>();
    for (let guess = 0; guess < 25; guess++) answers.add(await show(world, device, `guess ${guess}`, '127.0.0.9'));
    expect([...answers].map(String)).toEqual(['TOKEN_INVALID', expect.stringMatching(/^FLOOD_WAIT_\d+$/)]);
    expect(await show(world, device, '')).toBe('TOKEN_EMPTY');
    expect(await show(world, device, 'x'.repeat(10_000))).toBe('TOKEN_INVALID');
    expect(await show(world, device, tokenFor(ann.userId), '127.0.0.9')).toBe(ann.userId);
  });
});

test('an ordinary server takes no token, and counts none as a guess', async () => {
  await using world = await createRpcWorld('no-web-tokens');
  const { userId } = await world.signUp('9996610001', 'Ann');
  const device = await world.newKey();
  for (let guess = 0; guess < 25; guess++) expect(await show(world, device, tokenFor(userId))).toBe('TOKEN_INVALID');
  expect(await show(world, device, '')).toBe('TOKEN_EMPTY');
  expect(await ownerOf(world, device)).toBeUndefined();
});
