import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

/** A login e-mail that is required from users whose account has no other protection than the phone number. */
describe('a login e-mail that is required', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ loginEmailRequired: true });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const PHONE = '15550003333';
  const CLIENT = { knowsEmailSetUp: true };
  const ask = async (phone = PHONE) => {
    const device = await world.newDevice();
    return { device, sent: await world.domain.auth.doSendCode(device, phone, APP, CLIENT) };
  };

  it('is verified first, gets the codes once the number is proved, and is not asked for again', async () => {
    const { auth } = world.domain;
    const { device, sent } = await ask();
    expect(sent).toMatchObject({ via: 'email_setup', next: undefined });
    expect(world.codes).toEqual([]);
    const hash = sent.codeHash;
    expect(await errorOf(auth.doSignIn(device, PHONE, hash, '12345'))).toBe('PHONE_CODE_INVALID');
    expect(await errorOf(auth.doResendCode(device, PHONE, hash))).toBe('SEND_CODE_UNAVAILABLE');
    expect(await errorOf(auth.doSendSetUpEmailCode(await world.newDevice(), PHONE, hash, 'ann@example.org'))).toBe('PHONE_CODE_EXPIRED');
    expect(await errorOf(auth.doSendSetUpEmailCode(device, PHONE, hash, 'ann'))).toBe('EMAIL_INVALID');
    expect(await errorOf(auth.doVerifySetUpEmail(device, PHONE, hash, '123456'))).toBe('EMAIL_VERIFY_EXPIRED');
    expect(await auth.doSendSetUpEmailCode(device, PHONE, hash, 'ann@example.org')).toBe('a***n@example.org');
    expect(await errorOf(auth.doVerifySetUpEmail(device, PHONE, hash, 'x'))).toBe('CODE_INVALID');
    const { code } = world.emails.at(-1)!;
    const verified = await auth.doVerifySetUpEmail(device, PHONE, hash, code);
    expect(verified).toMatchObject({ email: 'ann@example.org', sent: { codeHash: hash, via: 'sms' } });
    // It was delivered, so a repeat does not send it again.
    for (let i = 0; i < 3; i++) expect(await auth.doVerifySetUpEmail(device, PHONE, hash, code)).toEqual(verified);
    expect(world.codes).toHaveLength(1);
    expect(await errorOf(auth.doSendSetUpEmailCode(device, PHONE, hash, 'eve@example.org'))).toBe('EMAIL_NOT_ALLOWED');

    const loginCode = world.codes.at(-1)!.code;
    expect(await auth.doSignIn(device, PHONE, hash, loginCode)).toBeUndefined();
    const userId = await auth.doSignUp(device, PHONE, hash, { firstName: 'Ann', lastName: '' });
    await auth.doLogOut(await world.again(device));

    const next = await ask();
    expect(next.sent).toMatchObject({ via: 'email', email: { address: 'ann@example.org' } });
    expect(await auth.doSignIn(next.device, PHONE, next.sent.codeHash, world.emails.at(-1)!.code)).toBe(userId);
  });

  it('does not belong to the account until the number is proved', async () => {
    const { auth } = world.domain;
    const phone = '15550004444';
    const thief = await ask(phone);
    await auth.doSendSetUpEmailCode(thief.device, phone, thief.sent.codeHash, 'thief@example.org');
    await auth.doVerifySetUpEmail(thief.device, phone, thief.sent.codeHash, world.emails.at(-1)!.code);
    expect((await ask(phone)).sent.via).toBe('email_setup');
  });

  it('is not required for test numbers, old clients, or if another device shows the code', async () => {
    const { auth } = world.domain;
    expect((await ask('9996611111')).sent.via).toBe('sms');
    const old = await world.newDevice();
    expect((await auth.doSendCode(old, '15550005555', APP, { knowsEmailSetUp: false })).via).toBe('sms');
    const { codeHash } = await auth.doSendCode(old, '15550005555', APP);
    await auth.doSignIn(old, '15550005555', codeHash, world.codes.at(-1)!.code);
    await auth.doSignUp(old, '15550005555', codeHash, { firstName: 'Old', lastName: '' });
    expect((await ask('15550005555')).sent.via).toBe('app');
    await auth.doLogOut(await world.again(old));
    expect((await ask('15550005555')).sent.via).toBe('email_setup');
  });

  it('allows few guesses and few e-mails a day, however many log-in codes are requested', async () => {
    const { auth } = world.domain;
    const phone = '15550006666';
    const outcomes: string[] = [];
    for (let round = 0; round < 5; round++) {
      const { device, sent } = await ask(phone);
      outcomes.push(await errorOf(auth.doSendSetUpEmailCode(device, phone, sent.codeHash, `a${round}@example.org`)));
      for (let guess = 0; guess < 5; guess++) outcomes.push(await errorOf(auth.doVerifySetUpEmail(device, phone, sent.codeHash, 'x')));
      await world.clock.advance(60_000);
    }
    expect(outcomes.filter((text) => text === 'CODE_INVALID')).toHaveLength(15);
    expect(outcomes.at(-1)).toMatch(/^FLOOD_WAIT_\d+$/);
  });

  it('cannot be used after the code has expired', async () => {
    const { auth } = world.domain;
    const { device, sent } = await ask('15550007777');
    await world.clock.advance(301_000);
    expect(await errorOf(auth.doSendSetUpEmailCode(device, '15550007777', sent.codeHash, 'a@example.org'))).toBe('PHONE_CODE_EXPIRED');
  });
});

describe('a code that is requested again', () => {
  it('is sent once', async () => {
    await using world = await createWorld();
    const device = await world.newDevice();
    for (let i = 0; i < 5; i++) await world.domain.auth.doSendCode(device, '15550008888', APP);
    expect(world.codes).toHaveLength(1);
  });
});
