import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';
import { NO_PROOF, passwordSettings, prove, proverOf, waitingDevice, withPassword } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

describe('a device that has just logged in', () => {
  it('cannot change what could lock the owner out, until a day has passed', async () => {
    const { auth } = world.domain;
    // Within the same second.
    await world.signUp('9996620080', 'Own');
    const { key, device } = await world.logIn('9996620080');
    const attempts: (() => Promise<unknown>)[] = [
      () => auth.doSendLoginEmailCode(key, 'thief@example.org'),
      () => auth.passkeys.doInitPasskey(key.userId, key.authKeyId),
      () => auth.doSetAccountTtl(key, 30),
      () => auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('thief')),
      () => auth.doDeleteAccount(proverOf(key), undefined),
    ];
    for (const attempt of attempts) expect(await errorOf(attempt())).toBe('SESSION_TOO_FRESH_86400');
    expect(await errorOf(auth.doSendChangePhoneCode(device, '9996620089'))).toBe('FRESH_CHANGE_PHONE_FORBIDDEN');
    expect(await errorOf(auth.devices.doSetDeviceTtl(key.userId, key.authKeyId, 1))).toBe('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    await world.clock.advance(DAY_MS);
    for (const attempt of attempts.slice(0, 4)) expect(await errorOf(attempt())).toBe('no error');
  });

  it('can if it is the only device, or if it has proved the password', async () => {
    const { auth } = world.domain;
    const only = await world.signUp('9996620081', 'Only');
    expect(await errorOf(auth.doSendLoginEmailCode(only.key, 'only@example.org'))).toBe('no error');
    const { prover, phone } = await withPassword(world, '9996620082', 'old');
    const device = await waitingDevice(world, phone);
    const key = { userId: prover.userId, authKeyId: device.permAuthKeyId };
    await auth.doCheckPassword(device, await prove(world, key, 'old'), new Uint8Array());
    expect(await errorOf(auth.passkeys.doInitPasskey(key.userId, key.authKeyId))).toBe('no error');
    expect(await errorOf(auth.doDeleteAccount(proverOf(key, { request: 'delete' }), await prove(world, key, 'old')))).toBe('no error');
  });
});
