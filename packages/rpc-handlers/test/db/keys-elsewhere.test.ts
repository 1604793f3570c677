import { dcOfPeer, type HomeAnswerer, type OtherHomes } from '@aerogram/cluster';
import { decode, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/** Two data centres that ask each other without a network. */
function twoHomes(): OtherHomes[] {
  const answerers = new Map<string, HomeAnswerer>();
  return [1, 2].map((own): OtherHomes => ({
    own,
    others: [3 - own],
    ofNames: 1,
    dcOf: (id) => dcOfPeer(id, [3 - own]),
    isFull: () => false,
    isBehind: () => false,
    framesWritten() {},
    ask: (dc, name, body) => answerers.get(`${dc} ${name}`)!(body, own),
    onAsk: (name, answer) => void answerers.set(`${own} ${name}`, answer),
    hint() {},
    onHint() {},
  }));
}

let one: RpcWorld;
let two: RpcWorld;
let anna: { authKeyId: bigint; userId: bigint };
beforeAll(async () => {
  const worlds = await Promise.all(twoHomes().map((homes) => createRpcWorld(`home ${homes.own}`, undefined, {}, { homes, config: { homeDcId: homes.own, dcIds: [homes.own] } })));
  [one, two] = worlds as [RpcWorld, RpcWorld];
  anna = await one.signUp('9996610001', 'Anna');
});
afterAll(async () => {
  for (const world of [one, two]) await world?.[Symbol.asyncDispose]();
});

/** Calls a method that must succeed. */
async function ask<T>(world: RpcWorld, authKeyId: bigint, query: tl.AnyMethod): Promise<T> {
  const { error, body } = await world.call(authKeyId, query);
  expect([query._, error]).toEqual([query._, undefined]);
  return decode(body) as T;
}

const SELF = { _: 'inputUserSelf' } as const;

test('a key that is bound to somebody who lives elsewhere is sent there with all but what guests may call', async () => {
  const key = await two.newKey();
  const { id, bytes } = await ask<tl.auth.exportedAuthorization>(one, anna.authKeyId, { _: 'auth.exportAuthorization', dc_id: 2 });
  expect(await ask(two, key, { _: 'auth.importAuthorization', id, bytes })).toMatchObject({ _: 'auth.authorization', user: { _: 'userEmpty', id: anna.userId } });
  const calls: tl.AnyMethod[] = [
    { _: 'users.getUsers', id: [SELF] },
    { _: 'updates.getState' },
    { _: 'contacts.getContacts', hash: 0n },
    { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'hello', random_id: 1n },
    { _: 'auth.exportAuthorization', dc_id: 1 },
    { _: 'upload.saveFilePart', file_id: 1n, file_part: 0, bytes: new Uint8Array(1) },
    { _: 'help.getUserInfo', user_id: SELF },
  ];
  for (const call of calls) expect([call._, (await two.call(key, call)).error]).toEqual([call._, 'USER_MIGRATE_1']);
  await ask(two, key, { _: 'help.getConfig' });
  expect((await two.call(key, { _: 'langpack.getLanguages', lang_pack: '' })).error).toBeUndefined();
  await ask(two, key, { _: 'auth.logOut' });
  expect((await two.call(key, calls[0]!)).error).toBe('AUTH_KEY_UNREGISTERED');
  expect((await one.call(anna.authKeyId, { _: 'auth.exportAuthorization', dc_id: 3 })).error).toBe('DC_ID_INVALID');
  expect((await one.call(anna.authKeyId, { _: 'users.getUsers', id: [SELF] })).error).toBeUndefined();
});

test('a device that shows a QR code elsewhere is sent to the home of the one who accepts it', async () => {
  const [shown, coming] = [await two.newKey(), await one.newKey()];
  const app = { api_id: 1, api_hash: 'h', except_ids: [] };
  const { token } = await ask<tl.auth.loginToken>(two, shown, { _: 'auth.exportLoginToken', ...app });
  const device = await ask<tl.authorization>(one, anna.authKeyId, { _: 'auth.acceptLoginToken', token });
  const moved = await ask<tl.auth.loginTokenMigrateTo>(two, shown, { _: 'auth.exportLoginToken', ...app });
  expect(moved).toMatchObject({ _: 'auth.loginTokenMigrateTo', dc_id: 1 });
  for (let n = 0; n < 2; n++) {
    const entered = await ask<tl.auth.loginTokenSuccess>(one, coming, { _: 'auth.importLoginToken', token: moved.token });
    expect(entered).toMatchObject({ _: 'auth.loginTokenSuccess', authorization: { user: { id: anna.userId } } });
  }
  const { authorizations } = await ask<tl.account.authorizations>(one, anna.authKeyId, { _: 'account.getAuthorizations' });
  expect(authorizations.map(({ hash }) => hash)).toContain(device.hash);
  expect((await two.call(shown, { _: 'users.getUsers', id: [SELF] })).error).toBe('AUTH_KEY_UNREGISTERED');
});
