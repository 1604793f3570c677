import { encode, LAYER, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
let authKeyId: bigint;
beforeAll(async () => {
  world = await createRpcWorld('group-repeats');
  ({ authKeyId } = await world.signUp('9996610001', 'Alice'));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Makes a group by a call with this message id, as a client does that repeats a call whose answer was lost. */
async function create(msgId: bigint, sessionId = 1n): Promise<tl.chat> {
  const session = { authKeyId, sessionId, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 };
  const body = encode({ _: 'invokeWithLayer', layer: LAYER, query: { _: 'messages.createChat', users: [], title: 'Alone' } });
  const answer = await world.dispatcher.dispatch({ session, msgId, body });
  if (answer.error !== undefined) throw new Error(answer.error);
  const { updates } = readResult(new TlReader(answer.body), 'messages.createChat') as tl.messages.invitedUsers;
  return (updates as tl.updates).chats[0] as tl.chat;
}

it('the same call makes one group, another call another one', async () => {
  const first = await create(1n << 32n);
  expect(await create(1n << 32n)).toEqual(first);
  expect((await create((1n << 32n) + 4n)).id).not.toBe(first.id);
  expect((await create(1n << 32n, 2n)).id).not.toBe(first.id);
});

it('whom privacy does not let be added, old layers learn by an error', async () => {
  const bob = await world.signUp('9996620002', 'Bob');
  await world.call(bob.authKeyId, { _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyChatInvite' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  const alice = (await world.call(authKeyId, { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).caller.userId!;
  const access_hash = world.domain.accessHashes.of('user', alice, bob.userId);
  const { id: chat_id } = await create(8n);
  const query = { _: 'messages.addChatUser', chat_id, user_id: { _: 'inputUser', user_id: bob.userId, access_hash }, fwd_limit: 0 } as const;
  expect((await world.call(authKeyId, query, 181)).error).toBeUndefined();
  expect((await world.call(authKeyId, query, 180)).error).toBe('USER_PRIVACY_RESTRICTED');
});
