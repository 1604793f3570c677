import { authTopic } from '@aerogram/bus';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoginDevice, LoginToken, MovedLogin } from '../../src/index.ts';
import { APP, errorOf } from './accounts-world.ts';
import { passwordSettings, NO_PROOF, proverOf } from './password-client.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

let homes: TwoHomes;
let anna: Awaited<ReturnType<TwoHomes['one']['signUp']>>;
/** Two keys of one device that is not logged in. */
let [shown, coming]: LoginDevice[] = [];
let count = 0;

beforeAll(async () => {
  homes = await createTwoHomes();
});
beforeEach(async () => {
  anna = await homes.one.signUp(`99966131${String(count++).padStart(2, '0')}`, 'Anna');
  [shown, coming] = [await homes.two.newDevice(), await homes.one.newDevice()];
});
afterAll(() => homes[Symbol.asyncDispose]());

const show = (device = shown!, except: bigint[] = []): Promise<LoginToken | MovedLogin> => homes.two.domain.auth.doExportLoginToken(device, APP, except);
const accept = (token: Uint8Array, key = anna.key) => homes.one.domain.auth.doAcceptElsewhere(key, token);
const enter = (token: Uint8Array, device = coming!) => homes.one.domain.auth.doImportLoginToken(device, token);

describe('a QR code that a device shows at one home, accepted by a person of the other', () => {
  test('sends the device to the home of the person and logs it in there', async () => {
    const { one, two } = homes;
    const { key } = await one.logIn((await one.domain.users.findRow(anna.userId))!.phone!);
    await two.domain.auth.doSaveConnection((await two.domain.auth.findKeyState(shown!.permAuthKeyId))!, {
      layer: 200,
      init: { apiId: 7, deviceModel: 'Lamp', systemVersion: '1', appVersion: '2', systemLangCode: 'en', langPack: '', langCode: 'en' },
    });
    const hints: unknown[] = [];
    using _ = two.bus.subscribe(authTopic(shown!.permAuthKeyId), (hint) => hints.push(hint));
    const { token } = await show();
    expect(token[0]).toBe(2);
    const device = await accept(token);
    expect(device).toMatchObject({ device_model: 'Lamp', api_id: 7, ip: '127.0.0.1' });
    expect(hints).toContainEqual(expect.objectContaining({ reason: 'login_token' }));
    const moved = await show();
    expect(moved).toMatchObject({ dcId: 1 });
    expect(moved.token[0]).toBe(1);
    expect(await two.domain.auth.doImportLoginToken(shown!, token)).toEqual(moved);
    expect(await enter(moved.token)).toEqual({ userId: anna.userId });
    expect(await enter(moved.token, await one.again(coming!))).toEqual({ userId: anna.userId });
    const listed = await one.domain.auth.devices.findDevice(anna.userId, coming!.permAuthKeyId);
    expect(listed).toMatchObject({ hash: device!.hash, unconfirmed: undefined });
    // The person may end it by what was answered to the one who accepted.
    await one.clock.advance(25 * 3_600_000);
    await one.domain.auth.devices.doResetDevice(anna.userId, key.authKeyId, device!.hash);
    expect((await one.again(coming!)).userId).toBeUndefined();
    expect(await two.domain.auth.findKeyState(shown!.permAuthKeyId)).toMatchObject({ userId: undefined });
  });

  test('logs in one device, with the token that only that device has got', async () => {
    const { token } = await show();
    await accept(token);
    expect(await errorOf(enter(token))).toBe('AUTH_TOKEN_INVALIDX');
    const other = await homes.two.newDevice();
    expect(await show(other)).not.toMatchObject({ dcId: 1 });
    expect(await errorOf(homes.two.domain.auth.doImportLoginToken(other, token))).toBe('AUTH_TOKEN_INVALIDX');
    const moved = await show();
    // The same person may accept the token again, which changes nothing; another person may not.
    await accept(token);
    expect(await show()).toEqual(moved);
    const ann = await homes.one.signUp(`99966132${String(count).padStart(2, '0')}`, 'Ann');
    expect(await errorOf(accept(token, ann.key))).toBe('AUTH_TOKEN_ALREADY_ACCEPTED');
    const second = await homes.one.newDevice();
    const entered = await Promise.all([errorOf(enter(moved.token)), errorOf(enter(moved.token, second))]);
    expect(entered.toSorted()).toEqual(['AUTH_TOKEN_INVALIDX', 'no error']);
    expect(await errorOf(homes.one.domain.auth.doAcceptLoginToken(ann.key, moved.token))).toBe('AUTH_TOKEN_INVALIDX');
  });

  test('is refused as at home: unknown, expired, excepted', async () => {
    const { token } = await show(shown, [anna.userId]);
    expect(await errorOf(accept(token))).toBe('AUTH_TOKEN_EXCEPTION');
    const unknown = Uint8Array.from(token, (byte, n) => (n === 5 ? byte ^ 1 : byte));
    expect(await errorOf(accept(unknown))).toBe('AUTH_TOKEN_INVALIDX');
    expect(await accept(Uint8Array.from(token, (byte, n) => (n === 0 ? 1 : byte)))).toBeUndefined();
    await homes.two.clock.advance(31_000);
    expect(await errorOf(accept(token))).toBe('AUTH_TOKEN_EXPIRED');
    homes.setCut(true);
    await expect(accept(token)).rejects.toThrow('cannot be reached');
    homes.setCut(false);
  });

  test('lets the device in for a minute, and not after the one who accepted has logged out', async () => {
    await accept((await show()).token);
    const late = await show();
    await homes.one.clock.advance(61_000);
    expect(await errorOf(enter(late.token))).toBe('AUTH_TOKEN_EXPIRED');
    await homes.two.clock.advance(61_000);
    const fresh = await show();
    expect(fresh).not.toMatchObject({ dcId: 1 });
    await accept(fresh.token);
    const moved = await show();
    await homes.one.domain.auth.doLogOut(anna.device);
    expect(await errorOf(enter(moved.token))).toBe('AUTH_TOKEN_EXPIRED');
  });

  test('does not let the device in if the person has ended it before it came, by its hash or with all others', async () => {
    const { devices } = homes.one.domain.auth;
    const device = await accept((await show()).token);
    const ended = await show();
    await devices.doResetDevice(anna.userId, anna.key.authKeyId, device!.hash);
    expect(await errorOf(enter(ended.token))).toBe('AUTH_TOKEN_INVALIDX');
    expect(await errorOf(devices.doResetDevice(anna.userId, anna.key.authKeyId, device!.hash))).toBe('HASH_INVALID');
    for (const endOthers of [() => devices.doResetOtherDevices(anna.userId, anna.key.authKeyId), () => devices.doEndDevices(anna.userId, 'by a test')]) {
      const other = await homes.two.newDevice();
      await accept((await show(other)).token);
      const moved = await show(other);
      await endOthers();
      expect(await errorOf(enter(moved.token))).toBe('AUTH_TOKEN_INVALIDX');
    }
  });

  test('asks for the password of the account', async () => {
    await homes.one.domain.auth.passwords.doUpdatePassword(proverOf(anna.key), NO_PROOF, passwordSettings('secret'));
    await accept((await show()).token);
    const { token } = await show();
    expect(await errorOf(enter(token))).toBe('SESSION_PASSWORD_NEEDED');
    const waiting = await homes.one.again(coming!);
    expect(waiting).toMatchObject({ userId: undefined, pendingUserId: anna.userId });
    expect(await errorOf(enter(token, waiting))).toBe('SESSION_PASSWORD_NEEDED');
  });

  // The last of the file: the other home does not come back.
  test('does not send the device to a home that was removed meanwhile', async () => {
    const { token } = await show();
    await accept(token);
    expect(await show()).toMatchObject({ dcId: 1 });
    homes.removeOther(2);
    expect(await errorOf(homes.two.domain.auth.doImportLoginToken(shown!, token))).toBe('AUTH_TOKEN_EXPIRED');
    expect(await show()).not.toHaveProperty('dcId');
  });
});
