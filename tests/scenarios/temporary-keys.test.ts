import { readRsaPublicKey } from '@aerogram/crypto';
import { RawAccount, wireTo } from '@aerogram/dev-env/load';
import { type ClientKey, encryptBinding, makeKey, RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: RawAccount;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await RawAccount.signUp(scenario.server.info, { name: 'Alice', ...scenario.world.freshPhone() });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Creates a temporary key that lives for an hour, and binds it to Alice's for some seconds. */
async function bindTempKey(bindingS: number): Promise<RawClient> {
  const { info } = scenario.server;
  const publicKeys = info.public_keys.map(({ pem }) => readRsaPublicKey(pem));
  const temp: ClientKey = await makeKey({ ...wireTo(info), publicKeys, dc: info.dc_id, expiresInS: 3_600 });
  const client = await RawClient.connect({ ...wireTo(info), clientKey: temp });
  const msgId = client.session.nextMsgId();
  const expires_at = Math.floor(Date.now() / 1000) + bindingS;
  const nonce = 77n;
  const perm_auth_key_id = alice.key.key.id;
  const binding = { permAuthKeyId: perm_auth_key_id, tempAuthKeyId: temp.key.id, tempSessionId: client.session.sessionId, nonce, expiresAt: expires_at, msgId };
  const encrypted_message = encryptBinding(alice.key.key, binding, systemRandom);
  const { nextMsgId } = client.session;
  // The binding contains the msg_id of the message that carries it.
  client.session.nextMsgId = () => msgId;
  const bound = client.call(encode({ _: 'auth.bindTempAuthKey', perm_auth_key_id, nonce, expires_at, encrypted_message }));
  client.session.nextMsgId = nextMsgId.bind(client.session);
  await bound;
  await client.call(encode({ _: 'updates.getState' }));
  return client;
}

test('a temporary key ends with its binding: its connection is closed, and the key is unknown afterwards', async () => {
  const client = await bindTempKey(3);
  await client.closed;
  await client.reconnect();
  await expect(client.call(encode({ _: 'updates.getState' }))).rejects.toMatchObject({ code: -404 });
});

test('dropped temporary keys lose their connections at once', async () => {
  const client = await bindTempKey(600);
  await alice.call<'auth.dropTempAuthKeys'>({ _: 'auth.dropTempAuthKeys', except_auth_keys: [] });
  await client.closed;
});
