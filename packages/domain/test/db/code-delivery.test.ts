import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { passwordSettings, NO_PROOF, prove, proverOf } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { keepsLog: true });
});
afterEach(() => {
  world.refusesCodes = false;
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a code that cannot be delivered', () => {
  it('gives an error each time, and is sent once the service works again', async () => {
    const { auth } = world.domain;
    const device = await world.newDevice();
    const ask = () => auth.doSendCode(device, '15550200001', APP);
    world.refusesCodes = true;
    for (let n = 0; n < 4; n++) expect(await errorOf(ask())).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    expect(await ask()).toMatchObject({ via: 'sms' });
    await ask();
    expect(world.codes.filter((one) => one.phone === '15550200001')).toHaveLength(1);
    expect(world.logged.filter((line) => line['msg'] === 'a code could not be delivered')).toHaveLength(4);
  });

  it('is not retried forever', async () => {
    const { auth } = world.domain;
    const device = await world.newDevice();
    const ask = () => auth.doSendCode(device, '15550200002', APP);
    world.refusesCodes = true;
    for (let n = 0; n < 5; n++) expect(await errorOf(ask())).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    // It is unknown how many attempts arrived. A new code is created after half a minute.
    expect(await errorOf(ask())).toBe('SMS_CODE_CREATE_FAILED');
    await world.clock.advance(31_000);
    expect(await ask()).toMatchObject({ via: 'sms' });
  });

  it('is sent once to a client that asks twice at the same time', async () => {
    const { auth } = world.domain;
    for (let round = 0; round < 20; round++) {
      const device = await world.newDevice();
      const phone = `155502003${String(round).padStart(2, '0')}`;
      await Promise.all([1, 2, 3].map(() => auth.doSendCode(device, phone, APP)));
      expect(world.codes.filter((one) => one.phone === phone)).toHaveLength(1);
    }
  });

  it('gives an error each time in the next way too', async () => {
    const { auth } = world.domain;
    const phone = '15550200004';
    const first = await world.newDevice();
    const { codeHash } = await auth.doSendCode(first, phone, APP);
    await auth.doSignIn(first, phone, codeHash, world.codes.at(-1)!.code);
    await auth.doSignUp(first, phone, codeHash, { firstName: 'Ann', lastName: '' });
    const device = await world.newDevice();
    const sent = await auth.doSendCode(device, phone, APP);
    expect(sent).toMatchObject({ via: 'app', next: 'sms' });
    world.refusesCodes = true;
    for (let n = 0; n < 3; n++) expect(await errorOf(auth.doResendCode(device, phone, sent.codeHash))).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    expect(await auth.doResendCode(device, phone, sent.codeHash)).toMatchObject({ via: 'sms' });
    expect(world.codes.at(-1)).toMatchObject({ phone, way: 'sms' });
  });

  it('gives an error each time by e-mail', async () => {
    const { auth } = world.domain;
    const { key } = await world.signUp('9996620001', 'Pat');
    const emails = () => world.emails.map((mail) => mail.email);
    world.refusesCodes = true;
    for (let n = 0; n < 3; n++) expect(await errorOf(auth.doSendLoginEmailCode(key, 'pat@example.org'))).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    await auth.doSendLoginEmailCode(key, 'pat@example.org');
    expect(emails()).toEqual(['pat@example.org']);

    await auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one'));
    const proof = await prove(world, key, 'one');
    const wanted = { _: 'account.passwordInputSettings', email: 'safe@example.org' } as const;
    const update = () => errorOf(auth.passwords.doUpdatePassword(proverOf(key, { request: 'address' }), proof, wanted));
    world.refusesCodes = true;
    for (let n = 0; n < 3; n++) expect(await update()).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    expect(await update()).toBe('EMAIL_UNCONFIRMED_6');
    await auth.passwords.doConfirmPasswordEmail(key.userId, world.emails.at(-1)!.code);
    world.refusesCodes = true;
    for (let n = 0; n < 3; n++) expect(await errorOf(auth.doRequestRecovery(key))).toBe('SMS_CODE_CREATE_FAILED');
    world.refusesCodes = false;
    await auth.doRequestRecovery(key);
    expect(emails()).toEqual(['pat@example.org', 'safe@example.org', 'safe@example.org']);
  });
});
