import { readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
beforeAll(async () => {
  world = await createRpcWorld('calls-off', undefined, {}, { config: { calls: 'off' } });
});
afterAll(() => world?.[Symbol.asyncDispose]());

it('shows no buttons for calls where the operator has switched them off, and refuses calls', async () => {
  const [alice, bob] = [await world.signUp('9996610071', 'Alice'), await world.signUp('9996610072', 'Bob')];
  const user_id: tl.inputUser = { _: 'inputUser', user_id: bob.userId, access_hash: world.domain.accessHashes.of('user', alice.userId, bob.userId) };
  const { body } = await world.call(alice.authKeyId, { _: 'users.getFullUser', id: user_id });
  const { full_user } = readResult(new TlReader(body), 'users.getFullUser') as tl.users.userFull;
  for (const flag of ['phone_calls_available', 'video_calls_available', 'phone_calls_private'] as const) expect(full_user[flag], flag).toBeFalsy();
  const protocol: tl.phoneCallProtocol = { _: 'phoneCallProtocol', udp_p2p: true, udp_reflector: true, min_layer: 65, max_layer: 92, library_versions: ['9.0.0'] };
  expect((await world.call(alice.authKeyId, { _: 'phone.requestCall', user_id, random_id: 1, g_a_hash: new Uint8Array(32), protocol })).error).toBe('USER_PRIVACY_RESTRICTED');
});
