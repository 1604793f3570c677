import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { loadSchema, RandomRequests } from './random-schema.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const SEED = process.env['AEROGRAM_TEST_SEED'] ?? 'rights';

/**
 * The methods that guests may call, each decided individually: a method opened to guests without an entry here fails the test. All others
 * need an account.
 */
const FOR_GUESTS = new Set([
  'account.sendVerifyEmailCode', 'account.verifyEmail', 'auth.importWebTokenAuthorization', 'auth.requestFirebaseSms',
  'auth.bindTempAuthKey', 'auth.cancelCode', 'auth.dropTempAuthKeys', 'auth.exportLoginToken', 'auth.finishPasskeyLogin', 'auth.importAuthorization',
  'auth.importLoginToken', 'auth.initPasskeyLogin', 'auth.logOut', 'auth.reportMissingCode', 'auth.resendCode', 'auth.resetLoginEmail', 'auth.sendCode',
  'auth.signIn', 'auth.signUp', 'help.getAppConfig', 'help.getAppUpdate', 'help.getCdnConfig', 'help.getConfig',
  'help.getCountriesList', 'help.getNearestDc', 'help.getPeerColors', 'help.getPeerProfileColors', 'help.getTermsOfServiceUpdate',
  'help.saveAppLog', 'langpack.getDifference', 'langpack.getLangPack', 'langpack.getLanguage', 'langpack.getLanguages', 'langpack.getStrings',
]);

/** What a log-in that waits for the password may call in addition to what guests may. */
const WITH_PENDING_PASSWORD = new Set(['account.deleteAccount', 'account.getPassword', 'auth.checkPassword', 'auth.checkRecoveryPassword', 'auth.recoverPassword', 'auth.requestPasswordRecovery']);

/** Methods that take a peer without looking it up: the answer contains nothing about it. */
const BLIND_TO_PEERS = new Set<string>(['messages.getDialogs', 'messages.getSavedDialogs', 'messages.searchGlobal', 'channels.searchPosts', 'help.dismissSuggestion', 'help.hidePromoData']);

const LOGGED_OUT = ['AUTH_KEY_UNREGISTERED', 'SESSION_PASSWORD_NEEDED', 'SESSION_REVOKED', 'USER_DEACTIVATED', 'AUTH_KEY_PERM_EMPTY'];

type Expected = 'served' | 'AUTH_KEY_UNREGISTERED' | 'SESSION_PASSWORD_NEEDED';

function expectedOf(method: string): { guest: Expected; pending: Expected; user: Expected } {
  const guest = FOR_GUESTS.has(method) ? 'served' : 'AUTH_KEY_UNREGISTERED';
  return {
    guest,
    pending: guest === 'served' || WITH_PENDING_PASSWORD.has(method) ? 'served' : 'SESSION_PASSWORD_NEEDED',
    user: 'served',
  };
}

/**
 * Both the declaration and the real answer must match this. Any answer of the method itself counts as served, including errors about the
 * request.
 */
function classOf(error: string | undefined): string {
  return error !== undefined && (LOGGED_OUT.includes(error) || error === 'METHOD_INVALID') ? error : 'served';
}

const names = methods.map((method) => method.method);

describe(`rights, for every method there is (AEROGRAM_TEST_SEED=${SEED})`, () => {
  let world: RpcWorld;
  let requests: RandomRequests;
  let owner: bigint;
  let people = 0;
  beforeAll(async () => {
    world = await createRpcWorld(SEED);
    requests = new RandomRequests((n) => world.random.uint31() % n, []);
    owner = (await signUp()).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function signUp(): ReturnType<RpcWorld['signUp']> {
    people++;
    return world.signUp(`999661${String(people).padStart(4, '0')}`, `Person ${people}`);
  }

  /** A key with a correct code whose password is missing. */
  async function pendingKey(): Promise<bigint> {
    const key = await world.newKey();
    await world.db.q.updateTable('auth_keys').set({ pending_user_id: owner, pending_date: Math.floor(Date.now() / 1000) }).where('auth_key_id', '=', key).execute();
    return key;
  }

  it.each(names)('%s', async (name) => {
    const request = requests.make(name) as tl.AnyMethod;
    const answers = {
      guest: classOf((await world.call(await world.newKey(), request)).error),
      pending: classOf((await world.call(await pendingKey(), request)).error),
      // A separate account, because some methods end it.
      user: classOf((await world.call((await signUp()).authKeyId, request)).error),
    };
    expect(answers).toEqual(expectedOf(name));
  });

  it('has no entry for a method that does not exist', () => {
    const registered = new Set<string>(names);
    const decided = [...FOR_GUESTS, ...WITH_PENDING_PASSWORD, ...BLIND_TO_PEERS];
    expect(decided.filter((name) => !registered.has(name))).toEqual([]);
  });

  describe('another user, named with an access hash that was not given to the caller', () => {
    const schema = loadSchema();
    const NAMING = new Map([['InputPeer', 'inputPeerUser'], ['InputUser', 'inputUser']]);
    const naming = names.flatMap((name) => {
      const field = schema.methods.get(name)?.fields.find((one) => NAMING.has(one.type) && !one.optional);
      return field === undefined ? [] : [{ name, field: field.name, as: NAMING.get(field.type)! }];
    });
    const empty = new Set<string>(methods.filter((method) => method.empty !== undefined).map((method) => method.method));

    it.each(naming.filter(({ name }) => !empty.has(name) && !BLIND_TO_PEERS.has(name)))('$name: no answer for $field', async ({ name, field, as }) => {
      const stranger = await signUp();
      // Somebody else's hash, and a guessed one.
      for (const access_hash of [world.domain.accessHashes.of('user', owner, owner), 1n]) {
        const request = { ...requests.make(name), [field]: { _: as, user_id: owner, access_hash } } as unknown as tl.AnyMethod;
        const { error } = await world.call(stranger.authKeyId, request);
        expect(error, JSON.stringify(request, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).toMatch(/^[A-Z0-9_]+$/);
        expect(error).not.toBe('INTERNAL');
      }
    });
  });
});
