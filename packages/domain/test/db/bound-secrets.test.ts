import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { LoginDevice, UserKey } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { noPassword, NO_PROOF, passwordSettings, prove, proverOf, waitingDevice, withPassword } from './password-client.ts';

/** Each code, token and challenge ends when the state that it was issued for changes; SECURITY.md has the table. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
const WEEK_S = 7 * 86_400;

/** An account with a real number, to which codes are sent. */
async function signUpByNumber(phone: string): Promise<{ device: LoginDevice; key: UserKey }> {
  const { auth } = world.domain;
  const device = await world.newDevice();
  const { codeHash } = await auth.doSendCode(device, phone, APP);
  await auth.doSignIn(device, phone, codeHash, world.codes.at(-1)!.code);
  const userId = await auth.doSignUp(device, phone, codeHash, { firstName: 'Ann', lastName: '' });
  return { device: await world.again(device), key: { userId, authKeyId: device.permAuthKeyId } };
}

/** Logs out all other devices; the calling device is older than a day. */
async function endOthers(key: UserKey): Promise<void> {
  await world.domain.auth.devices.doResetOtherDevices(key.userId, key.authKeyId);
}

describe('a proof of the password', () => {
  const readSettings = async (key: UserKey, proof: Awaited<ReturnType<typeof prove>>, request: string) =>
    errorOf(world.domain.auth.passwords.findRecoveryEmail(proverOf(key, { request }), proof));

  it('is valid for one request and its repeats', async () => {
    const { prover } = await withPassword(world, '9996620001', 'old');
    const proof = await prove(world, prover, 'old');
    expect(await readSettings(prover, proof, 'one')).toBe('no error');
    expect(await readSettings(prover, proof, 'one')).toBe('no error');
    expect(await readSettings(prover, proof, 'another')).toBe('SRP_ID_INVALID');
  });

  it('is invalid after the password was changed or removed, but a repeat of that change succeeds', async () => {
    const { auth } = world.domain;
    const { prover, phone } = await withPassword(world, '9996620002', 'old');
    const other = await waitingDevice(world, phone);
    const otherKey = { userId: prover.userId, authKeyId: other.permAuthKeyId };
    const shown = await prove(world, otherKey, 'old');
    await auth.doCheckPassword(other, shown, proverOf(otherKey, { request: 'log in' }).requestHash);
    const unused = await prove(world, otherKey, 'old');
    const used = await prove(world, otherKey, 'old');
    expect(await readSettings(otherKey, used, 'read')).toBe('no error');

    const change = passwordSettings('new');
    const proof = await prove(world, prover, 'old');
    const changer = proverOf(prover, { request: 'change' });
    await auth.passwords.doUpdatePassword(changer, proof, change);
    const device = await world.again(other);
    expect(await errorOf(auth.doCheckPassword(device, shown, proverOf(otherKey, { request: 'log in' }).requestHash))).toBe('SRP_ID_INVALID');
    for (const old of [unused, used]) expect(await readSettings(otherKey, old, 'read')).toBe('SRP_ID_INVALID');
    expect(await errorOf(auth.passwords.doUpdatePassword(proverOf(otherKey, { request: 'mine' }), used, passwordSettings('thief')))).toBe('SRP_ID_INVALID');
    // The answer was lost: the same request is answered as before and changes nothing.
    await auth.passwords.doUpdatePassword(changer, proof, change);
    expect(await readSettings(otherKey, await prove(world, otherKey, 'new'), 'now')).toBe('no error');
    // After another change of the password it is no longer valid.
    await auth.passwords.doUpdatePassword(proverOf(otherKey, { request: 'mine' }), await prove(world, otherKey, 'new'), passwordSettings('newer'));
    expect(await errorOf(auth.passwords.doUpdatePassword(changer, proof, change))).toBe('SRP_ID_INVALID');

    const last = await prove(world, prover, 'newer');
    expect(await readSettings(prover, last, 'last')).toBe('no error');
    await auth.passwords.doUpdatePassword(proverOf(otherKey, { request: 'remove' }), await prove(world, otherKey, 'newer'), noPassword());
    await auth.passwords.doUpdatePassword(proverOf(prover, { request: 'again' }), NO_PROOF, passwordSettings('newer'));
    expect(await readSettings(prover, last, 'last')).toBe('SRP_ID_INVALID');
  });

  it('ends with the authorisation that created it', async () => {
    const { auth } = world.domain;
    const { prover, phone } = await withPassword(world, '9996620003', 'old');
    const thief = await waitingDevice(world, phone);
    const thiefKey = { userId: prover.userId, authKeyId: thief.permAuthKeyId };
    const proof = await prove(world, thiefKey, 'old');
    const { requestHash } = proverOf(thiefKey, { request: 'check' });
    await auth.doCheckPassword(thief, proof, requestHash);
    await endOthers(prover);
    const { codeHash } = await auth.doSendCode(thief, phone, APP);
    expect(await errorOf(auth.doSignIn(await world.again(thief), phone, codeHash, '22222'))).toBe('SESSION_PASSWORD_NEEDED');
    expect(await errorOf(auth.doCheckPassword(await world.again(thief), proof, requestHash))).toBe('SRP_ID_INVALID');
  });

  it('given before the password was removed has to be given again', async () => {
    const { auth } = world.domain;
    const { prover, phone } = await withPassword(world, '9996620004', 'old');
    const thief = await waitingDevice(world, phone);
    await auth.passwords.doUpdatePassword(prover, await prove(world, prover, 'old'), noPassword());
    expect((await world.again(thief)).pendingUserId).toBeUndefined();
    expect(await errorOf(auth.doCheckPassword(thief, NO_PROOF, new Uint8Array()))).toBe('AUTH_KEY_UNREGISTERED');
  });
});

describe('a recovery code', () => {
  /** An account with a password and recovery address, and a thief who has entered the log-in code. */
  async function withThief(phone: string) {
    const { auth } = world.domain;
    const owner = await withPassword(world, phone, 'first');
    const { prover } = owner;
    const asked = proverOf(prover, { request: 'address' });
    expect(await errorOf(auth.passwords.doUpdatePassword(asked, await prove(world, prover, 'first'), { _: 'account.passwordInputSettings', email: 'old@example.org' }))).toBe('EMAIL_UNCONFIRMED_6');
    await auth.passwords.doConfirmPasswordEmail(prover.userId, world.emails.at(-1)!.code);
    const thief = await waitingDevice(world, phone);
    const thiefKey = { userId: prover.userId, authKeyId: thief.permAuthKeyId };
    const ask = async () => {
      await world.clock.advance(20_000);
      await auth.doRequestRecovery(thiefKey);
      return world.emails.at(-1)!.code;
    };
    const recover = (code: string) => errorOf(auth.doRecoverPassword(thief, code, undefined));
    return { ...owner, thief, thiefKey, ask, recover };
  }

  it('ends when the owner changes the password', async () => {
    const { prover, ask, recover } = await withThief('9996620010');
    const code = await ask();
    await world.domain.auth.passwords.doUpdatePassword(proverOf(prover, { request: 'new' }), await prove(world, prover, 'first'), passwordSettings('second'));
    expect(await recover(code)).toBe('PASSWORD_RECOVERY_EXPIRED');
  });

  it('ends when the owner changes or removes the address', async () => {
    const { auth } = world.domain;
    const { prover, ask, recover } = await withThief('9996620011');
    const first = await ask();
    const to = async (email: string) =>
      errorOf(auth.passwords.doUpdatePassword(proverOf(prover, { request: email }), await prove(world, prover, 'first'), { _: 'account.passwordInputSettings', email }));
    expect(await to('new@example.org')).toBe('EMAIL_UNCONFIRMED_6');
    await auth.passwords.doConfirmPasswordEmail(prover.userId, world.emails.at(-1)!.code);
    expect(await recover(first)).toBe('PASSWORD_RECOVERY_EXPIRED');
    const second = await ask();
    expect(await to('')).toBe('no error');
    expect(await recover(second)).toBe('PASSWORD_RECOVERY_EXPIRED');
  });

  it('is valid only for the key that requested it, and ends with that key’s log-in', async () => {
    const { auth } = world.domain;
    const { prover, phone, thief, ask, recover } = await withThief('9996620012');
    const code = await ask();
    const second = await waitingDevice(world, phone);
    expect(await errorOf(auth.doRecoverPassword(second, code, undefined))).toBe('PASSWORD_RECOVERY_EXPIRED');
    // A request by another device does not invalidate the code.
    await auth.doRequestRecovery({ userId: prover.userId, authKeyId: second.permAuthKeyId });
    await endOthers(prover);
    expect((await world.again(thief)).pendingUserId).toBeUndefined();
    const { codeHash } = await auth.doSendCode(thief, phone, APP);
    expect(await errorOf(auth.doSignIn(thief, phone, codeHash, '22222'))).toBe('SESSION_PASSWORD_NEEDED');
    expect(await recover(code)).toBe('PASSWORD_RECOVERY_EXPIRED');
    expect(await recover(await ask())).toBe('no error');
  });
});

describe('an unconfirmed address', () => {
  it('and the first password that waits for it end when another device sets a password', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996620020', 'Own');
    const { key: thiefKey } = await world.logIn('9996620020');
    await world.clock.advance(DAY_MS);
    const wanted = passwordSettings('thief', 'thief@example.org');
    expect(await errorOf(auth.passwords.doUpdatePassword(proverOf(thiefKey), NO_PROOF, wanted))).toBe('EMAIL_UNCONFIRMED_6');
    const { code } = world.emails.at(-1)!;
    await auth.passwords.doUpdatePassword(proverOf(owner.key), NO_PROOF, passwordSettings('mine'));
    expect(await errorOf(auth.passwords.doConfirmPasswordEmail(owner.userId, code))).toBe('EMAIL_HASH_EXPIRED');
    expect(await auth.passwords.findPasswordState(owner.userId, owner.key.authKeyId)).toMatchObject({ email: undefined, unconfirmedEmail: undefined });
  });

  it('ends with the device that named it', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996620021', 'Own');
    const { key: thiefKey } = await world.logIn('9996620021');
    await world.clock.advance(DAY_MS);
    await errorOf(auth.passwords.doUpdatePassword(proverOf(thiefKey), NO_PROOF, passwordSettings('thief', 'thief@example.org')));
    const { code } = world.emails.at(-1)!;
    await endOthers(owner.key);
    expect(await errorOf(auth.passwords.doConfirmPasswordEmail(owner.userId, code))).toBe('EMAIL_HASH_EXPIRED');
  });
});

describe('requests that take a week', () => {
  it('to reset the password end with the requesting device, when another one logs it out', async () => {
    const { auth } = world.domain;
    const { prover, phone } = await withPassword(world, '9996620030', 'old');
    const device = await waitingDevice(world, phone);
    const key = { userId: prover.userId, authKeyId: device.permAuthKeyId };
    await auth.doCheckPassword(device, await prove(world, key, 'old'), new Uint8Array());
    expect(await auth.doResetPassword(key)).toMatchObject({ kind: 'waits' });
    await endOthers(prover);
    expect((await auth.passwords.findPasswordState(prover.userId, prover.authKeyId)).reset_date).toBeUndefined();
  });

  it('to delete the account end with the log-in that requested it, and with the phone number', async () => {
    const { auth } = world.domain;
    const { prover, phone, device: owner } = await withPassword(world, '9996620031', 'old');
    const ask = async () => {
      const thief = await waitingDevice(world, phone);
      const key = { userId: prover.userId, authKeyId: thief.permAuthKeyId };
      return errorOf(auth.doDeleteAccount(proverOf(key, { loggingIn: true }), undefined));
    };
    const request = async () => world.db.q.selectFrom('account_security').select(['deletion_date', 'deletion_hash']).where('user_id', '=', prover.userId).executeTakeFirst();
    expect(await ask()).toBe(`2FA_CONFIRM_WAIT_${WEEK_S}`);
    const { codeHash } = await auth.doSendConfirmPhoneCode(owner, (await request())!.deletion_hash!);
    await endOthers(prover);
    expect((await request())?.deletion_date).toBeNull();
    // The code cancelled that request only, not the next one.
    expect(await ask()).toBe(`2FA_CONFIRM_WAIT_${WEEK_S}`);
    expect(await errorOf(auth.doConfirmPhone(owner, codeHash, '22222'))).toBe('PHONE_CODE_EXPIRED');
    const sent = await auth.doSendChangePhoneCode(owner, '9996620039');
    await auth.doChangePhone(owner, '9996620039', { codeHash: sent.codeHash, code: '22222' }, undefined);
    expect((await request())?.deletion_date).toBeNull();
  });
});

describe('codes for a phone number', () => {
  it('that were sent to the devices end when one of the devices is logged out', async () => {
    const { auth } = world.domain;
    const phone = '15550100001';
    const owner = await signUpByNumber(phone);
    const thief = await world.newDevice();
    const first = await auth.doSendCode(thief, phone, APP);
    await auth.doSignIn(thief, phone, first.codeHash, world.codes.at(-1)!.code);
    const next = await world.newDevice();
    const { codeHash } = await auth.doSendCode(next, phone, APP);
    const { code } = world.codes.at(-1)!;
    await endOthers(owner.key);
    expect(await errorOf(auth.doSignIn(next, phone, codeHash, code))).toBe('PHONE_CODE_EXPIRED');
  });

  it('end when the account gets or gives up that number', async () => {
    const { auth } = world.domain;
    const [oldPhone, newPhone] = ['15550100002', '15550100003'];
    const owner = await signUpByNumber(oldPhone);
    const askAs = async (phone: string) => {
      const guest = await world.newDevice();
      const { codeHash } = await auth.doSendCode(guest, phone, APP);
      return { guest, phone, codeHash, code: world.codes.at(-1)!.code };
    };
    const before = [await askAs(oldPhone), await askAs(newPhone)];
    // Entered already, by somebody who has not signed up yet.
    const shown = await askAs(newPhone);
    expect(await auth.doSignIn(shown.guest, newPhone, shown.codeHash, shown.code)).toBeUndefined();
    const sent = await auth.doSendChangePhoneCode(owner.device, newPhone);
    const { code } = world.codes.at(-1)!;
    await auth.doChangePhone(owner.device, newPhone, { codeHash: sent.codeHash, code }, undefined);
    for (const { guest, phone, codeHash, code: old } of [...before, shown]) {
      expect(await errorOf(auth.doSignIn(guest, phone, codeHash, old))).toBe('PHONE_CODE_EXPIRED');
    }
    // A repeat of the call is answered.
    expect(await auth.doChangePhone(owner.device, newPhone, { codeHash: sent.codeHash, code }, undefined)).toBe(owner.key.userId);
  });

  it('that change the number are valid for the requesting account, its number at that time, and its log-in', async () => {
    const { auth } = world.domain;
    const one = await world.signUp('9996620040', 'One');
    const sent = await auth.doSendChangePhoneCode(one.device, '9996620041');
    const change = (device: LoginDevice, phone: string, codeHash: string) => errorOf(auth.doChangePhone(device, phone, { codeHash, code: '22222' }, undefined));
    await auth.doLogOut(one.device);
    await world.signUp('9996620042', 'Two');
    const asTwo = await world.logIn('9996620042', one.device);
    expect(await change(asTwo.device, '9996620041', sent.codeHash)).toBe('PHONE_CODE_EXPIRED');
    const again = await world.logIn('9996620040', asTwo.device);
    expect(await change(again.device, '9996620041', sent.codeHash)).toBe('PHONE_CODE_EXPIRED');

    const first = await auth.doSendChangePhoneCode(again.device, '9996620043');
    const second = await auth.doSendChangePhoneCode(again.device, '9996620044');
    expect(await change(again.device, '9996620043', first.codeHash)).toBe('no error');
    expect(await change(again.device, '9996620044', second.codeHash)).toBe('PHONE_CODE_EXPIRED');
  });

  it('entered by a waiting log-in are invalid once the number has changed', async () => {
    const { auth } = world.domain;
    const { prover, phone, device: owner } = await withPassword(world, '9996620050', 'old');
    const thief = await waitingDevice(world, phone);
    const sent = await auth.doSendChangePhoneCode(owner, '9996620059');
    await auth.doChangePhone(owner, '9996620059', { codeHash: sent.codeHash, code: '22222' }, undefined);
    expect((await world.again(thief)).pendingUserId).toBeUndefined();
    expect(await errorOf(auth.doCheckPassword(thief, await prove(world, { ...prover, authKeyId: thief.permAuthKeyId }, 'old'), new Uint8Array()))).toBe('AUTH_KEY_UNREGISTERED');
  });

  it('end with the account', async () => {
    const { auth } = world.domain;
    const phone = '15550100004';
    const owner = await signUpByNumber(phone);
    const guest = await world.newDevice();
    const { codeHash } = await auth.doSendCode(guest, phone, APP);
    const { code } = world.codes.at(-1)!;
    await auth.doDeleteAccount(proverOf(owner.key), undefined);
    expect(await errorOf(auth.doSignIn(guest, phone, codeHash, code))).toBe('PHONE_CODE_EXPIRED');
  });
});

describe('codes by login e-mail', () => {
  it('end when the address changes, and a code for a change is valid only for the requesting key', async () => {
    const { auth } = world.domain;
    const phone = '15550100005';
    const owner = await signUpByNumber(phone);
    const setTo = async (email: string) => {
      await auth.doSendLoginEmailCode(owner.key, email);
      return auth.doVerifyLoginEmail(owner.key, world.emails.at(-1)!.code);
    };
    await setTo('old@example.org');
    const thief = await world.newDevice();
    const { codeHash } = await auth.doSendCode(thief, phone, APP);
    expect(await auth.doResendCode(thief, phone, codeHash)).toMatchObject({ via: 'email' });
    const { code } = world.emails.at(-1)!;

    const { device: tablet } = await (async () => {
      const device = await world.newDevice();
      const sent = await auth.doSendCode(device, phone, APP);
      await auth.doSignIn(device, phone, sent.codeHash, world.codes.at(-1)!.code);
      return { device };
    })();
    await world.clock.advance(DAY_MS);
    const tabletKey = { userId: owner.key.userId, authKeyId: tablet.permAuthKeyId };
    await auth.doSendLoginEmailCode(tabletKey, 'tablet@example.org');
    const ofTablet = world.emails.at(-1)!.code;
    expect(await errorOf(auth.doVerifyLoginEmail(owner.key, ofTablet))).toBe('EMAIL_VERIFY_EXPIRED');

    const late = await world.newDevice();
    const asked = await auth.doSendCode(late, phone, APP);
    await auth.doResendCode(late, phone, asked.codeHash);
    const lateCode = world.emails.at(-1)!.code;
    await setTo('new@example.org');
    expect(await errorOf(auth.doSignIn(thief, phone, codeHash, code))).toBe('PHONE_CODE_EXPIRED');
    expect(await errorOf(auth.doSignIn(late, phone, asked.codeHash, lateCode))).toBe('PHONE_CODE_EXPIRED');
    expect(await errorOf(auth.doVerifyLoginEmail(tabletKey, ofTablet))).toBe('EMAIL_VERIFY_EXPIRED');
  });
});

describe('tokens', () => {
  it('that carry an authorisation to another data centre, links and temporary passwords end with the device that created them', async () => {
    const { auth, contactTokens } = world.domain;
    const { prover, phone } = await withPassword(world, '9996620060', 'old');
    const thief = await waitingDevice(world, phone);
    const key = { userId: prover.userId, authKeyId: thief.permAuthKeyId };
    await auth.doCheckPassword(thief, await prove(world, key, 'old'), new Uint8Array());
    const bytes = await auth.doExportAuthorization(key.userId, key.authKeyId, 4);
    const { token } = await contactTokens.doExport(key);
    await auth.passwords.doMakeTmpPassword(proverOf(key, { request: 'tmp' }), await prove(world, key, 'old'), 3600);
    await endOthers(prover);
    await auth.passwords.doUpdatePassword(proverOf(prover), await prove(world, prover, 'old'), noPassword());
    // The same key logs in again: its earlier tokens stay invalid.
    await world.logIn(phone, await world.again(thief));
    expect(await errorOf(auth.doImportAuthorization(await world.newDevice(), key.userId, bytes))).toBe('AUTH_BYTES_INVALID');
    expect(await errorOf(contactTokens.findUser(token))).toBe('IMPORT_TOKEN_INVALID');
    expect(await world.db.q.selectFrom('tmp_passwords').selectAll().where('user_id', '=', key.userId).execute()).toEqual([]);
  });

  it('that a key shows as a QR code end when it logs in another way', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996620070', 'Own');
    const guest = await world.newDevice();
    const { token } = await auth.doExportLoginToken(guest, APP, []);
    const other = await world.signUp('9996620071', 'Oth');
    const { device } = await world.logIn('9996620071', guest);
    await auth.doLogOut(device);
    expect(await errorOf(auth.doAcceptLoginToken(owner.key, token))).toBe('AUTH_TOKEN_INVALIDX');
    const fresh = await auth.doExportLoginToken(await world.again(device), APP, []);
    expect(fresh.token).not.toEqual(token);
    expect(await auth.doAcceptLoginToken(owner.key, fresh.token)).toMatchObject({ passwordNeeded: false });
    expect(other.userId).not.toBe(owner.userId);
  });

  it('can be accepted only by devices that are logged in', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996620072', 'Own');
    const { token } = await auth.doExportLoginToken(await world.newDevice(), APP, []);
    await auth.doLogOut(owner.device);
    expect(await errorOf(auth.doAcceptLoginToken(owner.key, token))).toBe('AUTH_KEY_UNREGISTERED');
  });

  it('of passkeys that wait for a signature end with the device', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996620073', 'Own');
    await auth.passkeys.doInitPasskey(owner.userId, owner.key.authKeyId);
    await auth.doLogOut(owner.device);
    expect(await world.db.q.selectFrom('passkey_challenges').selectAll().where('auth_key_id', '=', owner.key.authKeyId).execute()).toEqual([]);
  });
});
