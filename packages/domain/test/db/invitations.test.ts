import { seededRandom } from '@aerogram/runtime';
import { afterEach, describe, expect, test } from 'vitest';

import { doInvite, doRevokeInvitation } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

const PHONE = '15550003333';
const NOT_SENT = expect.objectContaining({ msg: 'a code was not sent, because the number may not sign up' }) as object;
const ANN = { firstName: 'Ann', lastName: '' };

let world: World;
afterEach(() => world[Symbol.asyncDispose]());

/** Asks for a code, and reads the one that waits in the database whether it was sent or not. */
async function ask(phone = PHONE, knowsEmailSetUp = true) {
  const device = await world.newDevice();
  const sent = await world.domain.auth.doSendCode(device, phone, APP, { knowsEmailSetUp });
  const { code } = await world.db.q.selectFrom('login_codes').select('code').where('code_hash', '=', sent.codeHash).executeTakeFirstOrThrow();
  return { device, sent, code };
}

const invite = (wanted: { phone?: string; email?: string }) => doInvite(world.db, { phone: wanted.phone, email: wanted.email }, { random: seededRandom('invitations'), nowDate: world.clock.now() });

describe('a server that admits only the invited', () => {
  test('sends no code to another number, answers as if it did, and makes no account even with the right one', async () => {
    world = await createWorld({ signUp: 'invited' }, { keepsLog: true });
    const { auth } = world.domain;
    const { device, sent, code } = await ask();
    expect(sent).toEqual({ codeHash: sent.codeHash, via: 'sms', next: undefined, email: undefined });
    expect(world.logged).toContainEqual(NOT_SENT);
    expect(world.codes).toEqual([]);
    expect(await auth.doSignIn(device, PHONE, sent.codeHash, code)).toBeUndefined();
    expect(await errorOf(auth.doSignUp(device, PHONE, sent.codeHash, ANN))).toBe('PHONE_CODE_EXPIRED');
    expect(await world.db.q.selectFrom('users').select('user_id').where('phone', '=', PHONE).execute()).toEqual([]);
  });

  test('lets an invited number sign up once, also if the client repeats it', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { auth } = world.domain;
    await invite({ phone: PHONE });
    const { device, sent, code } = await ask();
    await expect.poll(() => world.codes.length).toBe(1);
    await auth.doSignIn(device, PHONE, sent.codeHash, code);
    const userId = await auth.doSignUp(device, PHONE, sent.codeHash, ANN);
    device.userId = userId;
    expect(await auth.doSignUp(device, PHONE, sent.codeHash, ANN)).toBe(userId);
    expect(await world.db.q.selectFrom('invitations').selectAll().execute()).toEqual([]);
    const again = await ask();
    expect(await auth.doSignIn(again.device, PHONE, again.sent.codeHash, again.code)).toBe(userId);
  });

  test('gives a number to whoever has none, mails the codes, and keeps the address as the login e-mail', async () => {
    world = await createWorld({ signUp: 'invited', mailDomains: ['example.org'], webAddress: 'https://chat.example.org' });
    const { auth } = world.domain;
    const made = await invite({ email: 'ann@elsewhere.example' });
    if (made === 'has account') throw new Error(made);
    expect(made.phone).toMatch(/^888\d{11}$/);
    const { device, sent, code } = await ask(made.phone);
    expect(sent).toMatchObject({ via: 'email', next: undefined, email: { address: 'ann@elsewhere.example' } });
    const text = `Your login code: ${code}\n\nIt is for the number +${made.phone} at chat.example.org. Do not give it to anyone. If you did not ask for it, ignore this message.\n`;
    await expect.poll(() => world.emails).toEqual([{ email: 'ann@elsewhere.example', code, subject: 'Your login code for chat.example.org', text }]);
    expect(world.codes).toEqual([]);
    await auth.doSignIn(device, made.phone, sent.codeHash, code);
    const userId = await auth.doSignUp(device, made.phone, sent.codeHash, ANN);
    expect(await world.db.q.selectFrom('account_security').select('login_email').where('user_id', '=', userId).execute()).toEqual([{ login_email: 'ann@elsewhere.example' }]);
    // No phone has the number, so codes must not go there after a week.
    const again = await ask(made.phone);
    expect(await errorOf(auth.doResetLoginEmail(again.device, made.phone, again.sent.codeHash))).toBe('EMAIL_INSTALL_MISSING');
  });

  test('gives one number to an address, in capital or small letters, and names the account that has it', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { auth } = world.domain;
    const made = await invite({ email: 'Ann@Example.org' });
    if (made === 'has account') throw new Error(made);
    expect(made).toEqual({ phone: made.phone, email: 'Ann@example.org', wasInvited: false, accountId: undefined });
    const { device, sent, code } = await ask(made.phone);
    expect(await invite({ email: 'ann@example.org' })).toEqual({ ...made, wasInvited: true });
    expect(await world.db.q.selectFrom('invitations').select('phone').execute()).toEqual([{ phone: made.phone }]);
    // The code under way is as good as before.
    await auth.doSignIn(device, made.phone, sent.codeHash, code);
    const userId = await auth.doSignUp(device, made.phone, sent.codeHash, ANN);
    const again = await invite({ email: 'ANN@example.org' });
    expect(again).toEqual({ phone: expect.stringMatching(/^888\d{11}$/), email: 'ANN@example.org', wasInvited: false, accountId: userId });
    expect(again).not.toMatchObject({ phone: made.phone });
  });

  test('refuses a number whose invitation was revoked after its code had been sent, or whose address was changed', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { auth } = world.domain;
    await invite({ phone: PHONE });
    const first = await ask();
    expect(await doRevokeInvitation(world.db, PHONE, world.clock.now())).toBe(true);
    expect(await doRevokeInvitation(world.db, PHONE, world.clock.now())).toBe(false);
    expect(await errorOf(auth.doSignIn(first.device, PHONE, first.sent.codeHash, first.code))).toBe('PHONE_CODE_EXPIRED');
    await invite({ phone: PHONE, email: 'a@example.org' });
    const second = await ask();
    await invite({ phone: PHONE, email: 'b@example.org' });
    expect(await errorOf(auth.doSignIn(second.device, PHONE, second.sent.codeHash, second.code))).toBe('PHONE_CODE_EXPIRED');
  });

  test('asks whoever it refuses for an address too, and mails nothing there', async () => {
    world = await createWorld({ signUp: 'invited', loginEmailRequired: true });
    const { auth } = world.domain;
    const { device, sent } = await ask();
    expect(sent.via).toBe('email_setup');
    expect(await auth.doSendSetUpEmailCode(device, PHONE, sent.codeHash, 'ann@example.org')).toBe('a***n@example.org');
    const invited = '15550003334';
    await invite({ phone: invited });
    const other = await ask(invited);
    expect(await auth.doSendSetUpEmailCode(other.device, invited, other.sent.codeHash, 'bob@example.org')).toBe('b***b@example.org');
    await expect.poll(() => world.emails.map(({ email }) => email)).toEqual(['bob@example.org']);
  });

  test('answers others as the invited while nothing can be delivered, however often a client asks', async () => {
    world = await createWorld({ signUp: 'invited' });
    const invited = '15550003334';
    await invite({ phone: invited });
    world.refusesCodes = true;
    const answers = [];
    for (const phone of [PHONE, invited]) {
      const device = await world.newDevice();
      for (let n = 0; n < 7; n++) answers.push(await world.domain.auth.doSendCode(device, phone, APP));
    }
    expect(answers.map(({ via, next, email }) => ({ via, next, email }))).toEqual(answers.map(() => ({ via: 'sms', next: undefined, email: undefined })));
  });

  test.each([false, true])('answers the invited without waiting for the delivery, as others (address required: %s)', async (loginEmailRequired) => {
    world = await createWorld({ signUp: 'invited', loginEmailRequired });
    const { auth } = world.domain;
    await invite({ phone: PHONE });
    let release: (() => void) | undefined;
    world.deliveriesWait = new Promise((resolve) => (release = resolve));
    const { device, sent } = await ask();
    if (loginEmailRequired) await auth.doSendSetUpEmailCode(device, PHONE, sent.codeHash, 'ann@example.org');
    expect([world.codes, world.emails]).toEqual([[], []]);
    release!();
    await expect.poll(() => [world.codes.length, world.emails.length]).toEqual(loginEmailRequired ? [0, 1] : [1, 0]);
  });

  test('takes the invitation of a number that somebody has changed to', async () => {
    world = await createWorld({ signUp: 'invited' });
    const { auth } = world.domain;
    await invite({ phone: PHONE });
    const other = '15550003334';
    await invite({ phone: other });
    const { device, sent, code } = await ask(other);
    await auth.doSignIn(device, other, sent.codeHash, code);
    device.userId = await auth.doSignUp(device, other, sent.codeHash, ANN);
    await world.clock.advance(2 * 86_400_000);
    const { codeHash } = await auth.doSendChangePhoneCode(device, PHONE);
    const change = await world.db.q.selectFrom('login_codes').select('code').where('code_hash', '=', codeHash).executeTakeFirstOrThrow();
    await auth.doChangePhone(device, PHONE, { codeHash, code: change.code }, undefined);
    expect(await world.db.q.selectFrom('invitations').select('phone').execute()).toEqual([]);
  });

  test('invites nobody who has an account', async () => {
    world = await createWorld({});
    const { device, sent, code } = await ask();
    await world.domain.auth.doSignIn(device, PHONE, sent.codeHash, code);
    await world.domain.auth.doSignUp(device, PHONE, sent.codeHash, ANN);
    expect(await invite({ phone: PHONE })).toBe('has account');
  });
});

test('a closed server admits not even the invited', async () => {
  world = await createWorld({ signUp: 'closed' }, { keepsLog: true });
  await invite({ phone: PHONE });
  await ask();
  expect(world.logged).toContainEqual(NOT_SENT);
  expect(world.codes).toEqual([]);
});

test('codes go to addresses of admitted domains only', async () => {
  world = await createWorld({ loginEmailRequired: true, mailDomains: ['example.org'] });
  const { auth } = world.domain;
  const { device, sent } = await ask();
  expect(await errorOf(auth.doSendSetUpEmailCode(device, PHONE, sent.codeHash, 'ann@elsewhere.example'))).toBe('EMAIL_NOT_ALLOWED');
  expect(await auth.doSendSetUpEmailCode(device, PHONE, sent.codeHash, 'ann@Example.org')).toBe('a***n@example.org');
  // An app that is too old to ask for one would get around them.
  const old = await ask('15550003335', false);
  await auth.doSignIn(old.device, '15550003335', old.sent.codeHash, old.code);
  expect(await errorOf(auth.doSignUp(old.device, '15550003335', old.sent.codeHash, ANN))).toBe('UPDATE_APP_TO_LOGIN');
});
