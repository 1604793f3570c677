import { createMtcuteClient, logIn, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { tl } from '@mtcute/node';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const codeOf = (phone: string) => phone.charAt(5).repeat(5);

/** The user as a device currently sees them. */
async function look(device: Device, other: Actor) {
  const [user] = await device.call({ _: 'users.getUsers', id: [device.inputUser(other.id)] });
  return user;
}

describe('devices', () => {
  test('the other devices learn of a new one, confirm it, and may end it', async () => {
    const alice = await scenario.world.user('Alice');
    const tablet = await alice.device();
    const asked = await alice.main.seesUpdate('updateNewAuthorization');
    expect(asked).toMatchObject({ unconfirmed: true });
    const list = async () => (await alice.main.call({ _: 'account.getAuthorizations' })).authorizations;
    const row = (await list()).find((one) => one.hash.eq(asked.hash))!;
    expect(row).toMatchObject({ current: false, unconfirmed: true, ip: '127.0.0.1', country: 'This computer', region: '' });
    expect(asked.location).toBe('This computer, 127.0.0.1');
    expect(row.deviceModel).not.toBe('');
    await alice.main.call({ _: 'account.changeAuthorizationSettings', hash: asked.hash, confirmed: true });
    await tablet.seesUpdate('updateNewAuthorization', (update) => !update.unconfirmed);
    expect((await list()).find((one) => one.hash.eq(asked.hash))).toMatchObject({ unconfirmed: false });
    await alice.main.call({ _: 'account.resetAuthorization', hash: asked.hash });
    expect(await tablet.fails({ _: 'updates.getState' })).toEqual({ code: 401, text: 'SESSION_REVOKED' });
    alice.devices.splice(1);
    await tablet.goOffline();
    expect(await list()).toHaveLength(1);
    expect(await alice.main.fails({ _: 'account.setAuthorizationTTL', authorizationTtlDays: 0 })).toEqual({ code: 400, text: 'TTL_DAYS_INVALID' });
    await alice.main.call({ _: 'account.setAuthorizationTTL', authorizationTtlDays: 30 });
    expect((await alice.main.call({ _: 'account.getAuthorizations' })).authorizationTtlDays).toBe(30);
  });
});

describe('the phone number', () => {
  test('a changed number reaches the own devices, including offline ones, and the contacts', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await alice.device();
    await bob.meet(alice);
    await tablet.goOffline();
    const { phone } = scenario.world.freshPhone();
    await verifyUpdates([bob], async () => {
      const sent = await alice.main.call({ _: 'account.sendChangePhoneCode', phoneNumber: phone, settings: { _: 'codeSettings' } });
      if (sent._ !== 'auth.sentCode') throw new Error(sent._);
      const { phoneCodeHash } = sent;
      const wrong = await alice.main.fails({ _: 'account.changePhone', phoneNumber: phone, phoneCodeHash, phoneCode: '00000' });
      expect(wrong).toEqual({ code: 400, text: 'PHONE_CODE_INVALID' });
      const user = await alice.main.call({ _: 'account.changePhone', phoneNumber: phone, phoneCodeHash, phoneCode: codeOf(phone) });
      expect(user).toMatchObject({ _: 'user', id: alice.id, phone });
      await bob.main.seesUpdate('updateUser', (update) => update.userId === alice.id);
    });
    await tablet.goOnline();
    await tablet.catchUp();
    expect(await tablet.seesUpdate('updateUserPhone')).toMatchObject({ userId: alice.id, phone });
    // The old number is free: its new owner creates a new account.
    const { device, user } = await logIn(() => scenario.server.info, { name: 'Zed', phone: alice.phone, code: codeOf(alice.phone) });
    expect(user.id).not.toBe(alice.id);
    await device.goOffline();
  });
});

describe('account deletion', () => {
  test('others see a deleted account, its devices are logged out, its number is free', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await alice.device();
    await alice.send(bob, 'farewell');
    await bob.sees('farewell');
    await bob.meet(alice);
    await verifyUpdates([bob], async () => {
      expect(await alice.main.call({ _: 'account.deleteAccount', reason: 'tired' })).toBe(true);
      await bob.main.seesUpdate('updateUser', (update) => update.userId === alice.id);
    });
    expect(await look(bob.main, alice)).toMatchObject({ _: 'user', deleted: true });
    expect(await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(alice.id), message: 'hello?', randomId: randomLong() })).toEqual({ code: 400, text: 'INPUT_USER_DEACTIVATED' });
    for (const device of [alice.main, tablet]) {
      expect(await device.fails({ _: 'updates.getState' })).toEqual({ code: 401, text: 'USER_DEACTIVATED' });
      await device.goOffline();
    }
    const { device, user } = await logIn(() => scenario.server.info, { name: 'Ann', phone: alice.phone, code: codeOf(alice.phone) });
    expect(user.id).not.toBe(alice.id);
    expect(device.state.messages.size).toBe(0);
    await device.goOffline();
  });

  test('with a password it needs the password, or a week', async () => {
    const alice = await scenario.world.user('Alice');
    await enableCloudPassword(alice.main.client, { password: 'mine', hint: '' });
    const early = await alice.main.fails({ _: 'account.deleteAccount', reason: '' });
    expect(early).toEqual({ code: 420, text: '2FA_CONFIRM_WAIT_%d' });
    const notice = await findNotice(alice.main);
    const link = new URL(/https:\S+/.exec(notice.text)![0]);
    expect(link.searchParams.get('phone')).toBe(alice.phone);
    const settings = { _: 'codeSettings' } as const;
    expect(await alice.main.fails({ _: 'account.sendConfirmPhoneCode', hash: '00', settings })).toEqual({ code: 400, text: 'HASH_INVALID' });
    const sent = await alice.main.call({ _: 'account.sendConfirmPhoneCode', hash: link.searchParams.get('hash')!, settings });
    if (sent._ !== 'auth.sentCode') throw new Error(sent._);
    await alice.main.call({ _: 'account.confirmPhone', phoneCodeHash: sent.phoneCodeHash, phoneCode: codeOf(alice.phone) });
    const proof = await alice.main.client.computeSrpParams(await alice.main.call({ _: 'account.getPassword' }), 'mine');
    expect(await alice.main.call({ _: 'account.deleteAccount', reason: '', password: proof })).toBe(true);
  });
});

async function findNotice(device: Device) {
  const search = () => [...device.state.messages.values()].find((message) => message.text.startsWith('Account deletion requested.'));
  await device.waitUntil('the notice of the deletion', () => search() !== undefined);
  return search()!;
}

describe('attacks on log-in', () => {
  test('guesses of one number’s codes are counted over all sessions', async () => {
    await using guarded = await startScenario({
      codeDelivery: { ways: ['sms'], deliver: () => Promise.resolve(), deliverEmail: () => Promise.resolve() },
    });
    const phoneNumber = '15550007777';
    const answers: string[] = [];
    for (let session = 0; session < 6; session++) {
      const guest = await createMtcuteClient(guarded.server.info);
      try {
        await guest.connect();
        const sent = await textOf(guest.call({ _: 'auth.sendCode', phoneNumber, ...API, settings: { _: 'codeSettings' } }));
        if (typeof sent === 'string') {
          answers.push(sent);
          continue;
        }
        if (sent._ !== 'auth.sentCode') throw new Error(sent._);
        // Not digits, so none can be right by chance.
        const guesses = Array.from({ length: 6 }, (_, n) => `guess${n}`);
        for (const phoneCode of guesses) {
          const answer = await textOf(guest.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash: sent.phoneCodeHash, phoneCode }));
          answers.push(typeof answer === 'string' ? answer : answer._);
        }
      } finally {
        await guest.destroy();
      }
    }
    expect(answers.filter((answer) => answer === 'PHONE_CODE_INVALID')).toHaveLength(25);
    expect(answers.filter((answer) => answer === 'PHONE_CODE_EXPIRED')).toHaveLength(5);
    expect(answers.at(-1)).toBe('PHONE_NUMBER_FLOOD');
  });

  test('of two who sign up with one number at the same time, one succeeds', async () => {
    const { phone } = scenario.world.freshPhone();
    const guests = await Promise.all([createMtcuteClient(scenario.server.info), createMtcuteClient(scenario.server.info)]);
    try {
      const hashes = await Promise.all(guests.map(async (guest) => {
        await guest.connect();
        const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: phone, ...API, settings: { _: 'codeSettings' } });
        if (sent._ !== 'auth.sentCode') throw new Error(sent._);
        const { phoneCodeHash } = sent;
        await guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash, phoneCode: codeOf(phone) });
        return phoneCodeHash;
      }));
      const answers = await Promise.all(guests.map((guest, at) => textOf(guest.call({ _: 'auth.signUp', phoneNumber: phone, phoneCodeHash: hashes[at]!, firstName: `Twin ${at}`, lastName: '' }))));
      expect(answers.filter((answer) => answer === 'PHONE_NUMBER_OCCUPIED')).toHaveLength(1);
      expect(answers.filter((answer) => typeof answer !== 'string')).toHaveLength(1);
    } finally {
      await Promise.all(guests.map((guest) => guest.destroy()));
    }
  });
});

const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };

/** The answer, or the text of the server's error. */
async function textOf<T>(promise: Promise<T>): Promise<T | string> {
  return promise.catch((error: unknown) => {
    if (error instanceof tl.RpcError) return error.text;
    throw error;
  });
}
