import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoginDevice } from '../../src/index.ts';
import { APP, errorOf } from './accounts-world.ts';
import { Authenticator } from './software-authenticator.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

let homes: TwoHomes;
let anna: Awaited<ReturnType<TwoHomes['one']['signUp']>>;
let [shown, coming]: LoginDevice[] = [];
let count = 0;

beforeAll(async () => {
  homes = await createTwoHomes();
});
beforeEach(async () => {
  anna = await homes.one.signUp(`99966141${String(count++).padStart(2, '0')}`, 'Anna');
  [shown, coming] = [await homes.two.newDevice(), await homes.one.newDevice()];
});
afterAll(() => homes[Symbol.asyncDispose]());

describe('a log-in with a passkey at one home, of a person of the other', () => {
  const withPasskey = async (): Promise<Authenticator> => {
    const { passkeys } = homes.one.domain.auth;
    const authenticator = new Authenticator();
    await passkeys.doRegisterPasskey(anna.userId, anna.key.authKeyId, authenticator.create(await passkeys.doInitPasskey(anna.userId, anna.key.authKeyId)));
    return authenticator;
  };

  test('is sent to the home of the person, which asks where it began', async () => {
    const { one, two } = homes;
    const signed = (await withPasskey()).get(await two.domain.auth.passkeys.doInitPasskeyLogin(shown!, APP));
    expect(await errorOf(two.domain.auth.passkeys.doFinishPasskeyLogin(shown!, signed, undefined))).toBe('USER_MIGRATE_1');
    const from = { dcId: 2, authKeyId: shown!.permAuthKeyId };
    expect(await one.domain.auth.passkeys.doFinishPasskeyLogin(coming!, signed, from)).toBe(anna.userId);
    expect((await one.again(coming!)).userId).toBe(anna.userId);
    expect(await errorOf(one.domain.auth.passkeys.doFinishPasskeyLogin(await one.newDevice(), signed, from))).toBe('CREDENTIAL_INVALID');
  });

  test('is not accepted twice, or late, if the other home says that all is right', async () => {
    const { one, two } = homes;
    const authenticator = await withPasskey();
    const signed = authenticator.get(await two.domain.auth.passkeys.doInitPasskeyLogin(shown!, APP));
    const late = authenticator.get(await two.domain.auth.passkeys.doInitPasskeyLogin(shown!, APP));
    homes.answer(2, 'auth.take_passkey_challenge', () => Promise.resolve(Buffer.from('{"isRight":true}')));
    const from = { dcId: 2, authKeyId: shown!.permAuthKeyId };
    const finish = async (answer = signed, claimed = from): Promise<string> => errorOf(one.domain.auth.passkeys.doFinishPasskeyLogin(await one.newDevice(), answer, claimed));
    expect(await finish()).toBe('no error');
    expect(await finish()).toBe('CREDENTIAL_INVALID');
    expect(await finish(signed, { dcId: 1, authKeyId: 0n })).toBe('CREDENTIAL_INVALID');
    expect(await finish(new Authenticator().get(await two.domain.auth.passkeys.doInitPasskeyLogin(shown!, APP), { handle: `1:${anna.userId}` }))).toBe('CREDENTIAL_INVALID');
    await one.clock.advance(601_000);
    expect(await finish(late)).toBe('CREDENTIAL_INVALID');
  });

  // The last of the file: the other home does not come back.
  test('is refused once the home of the person was removed', async () => {
    const { two } = homes;
    const signed = (await withPasskey()).get(await two.domain.auth.passkeys.doInitPasskeyLogin(shown!, APP));
    homes.removeOther(2);
    expect(await errorOf(two.domain.auth.passkeys.doFinishPasskeyLogin(shown!, signed, undefined))).toBe('CREDENTIAL_INVALID');
  });
});
