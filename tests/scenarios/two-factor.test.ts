import type { OutgoingCode, OutgoingEmail } from '@aerogram/domain';
import type { Actor } from '@aerogram/dev-env';
import { tl, type BaseTelegramClient } from '@mtcute/node';
import { changeCloudPassword, checkPassword, enableCloudPassword, removeCloudPassword, signInQr, verifyPasswordEmail } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asGuest, startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
const codes: OutgoingCode[] = [];
const emails: OutgoingEmail[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    codeDelivery: {
      ways: ['sms'],
      deliver: async (code) => void codes.push(code),
      deliverEmail: async (mail) => void emails.push(mail),
    },
  });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };

/** Enters the code of an actor's number; returns the resulting error, if any. */
async function showCode(guest: BaseTelegramClient, actor: Actor): Promise<string | undefined> {
  const code = actor.phone.charAt(5).repeat(5);
  const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: actor.phone, ...API, settings: { _: 'codeSettings' } });
  if (sent._ !== 'auth.sentCode') throw new Error(sent._);
  return errorOf(guest.call({ _: 'auth.signIn', phoneNumber: actor.phone, phoneCodeHash: sent.phoneCodeHash, phoneCode: code }));
}

async function errorOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    // The library replaces the number in an error text by %d.
    if (error instanceof tl.RpcError) return error.text;
    throw error;
  }
}

describe('two-step verification', () => {
  test('a password set on one device is required on the next, and nothing else is answered before it', async () => {
    const alice = await scenario.world.user('Alice');
    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: 'a horse' });
    await asGuest(scenario, async (guest) => {
      expect(await showCode(guest, alice)).toBe('SESSION_PASSWORD_NEEDED');
      expect(await showCode(guest, alice)).toBe('SESSION_PASSWORD_NEEDED');
      for (const request of [{ _: 'updates.getState' }, { _: 'account.getAuthorizations' }, { _: 'account.resetPassword' }] as const) {
        expect(await errorOf(guest.call(request))).toBe('SESSION_PASSWORD_NEEDED');
      }
      expect((await guest.call({ _: 'account.getPassword' })).hint).toBe('a horse');
      expect(await errorOf(checkPassword(guest, 'wrong horse'))).toBe('PASSWORD_HASH_INVALID');
      const self = await checkPassword(guest, 'correct horse');
      expect(self.id).toBe(alice.id);
      expect(await errorOf(guest.call({ _: 'updates.getState' }))).toBeUndefined();
    });
    const devices = await alice.main.call({ _: 'account.getAuthorizations' });
    expect(devices.authorizations).toHaveLength(2);
  });

  test('a log-out forgets the unfinished log-in', async () => {
    const alice = await scenario.world.user('Alice');
    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: '' });
    await asGuest(scenario, async (guest) => {
      expect(await showCode(guest, alice)).toBe('SESSION_PASSWORD_NEEDED');
      await guest.call({ _: 'auth.logOut' });
      expect(await errorOf(guest.call({ _: 'account.getPassword' }))).toBe('AUTH_KEY_UNREGISTERED');
    });
  });

  test('the password can be changed and removed', async () => {
    const alice = await scenario.world.user('Alice');
    const { client } = alice.main;
    await enableCloudPassword(client, { password: 'first', hint: '' });
    await changeCloudPassword(client, { currentPassword: 'first', newPassword: 'second', hint: 'other' });
    expect(await errorOf(removeCloudPassword(client, 'first'))).toBe('PASSWORD_HASH_INVALID');
    await removeCloudPassword(client, 'second');
    expect((await client.call({ _: 'account.getPassword' })).hasPassword).toBe(false);
    await asGuest(scenario, async (guest) => expect(await showCode(guest, alice)).toBeUndefined());
  });

  test('a challenge accepts one proof, from the device that asked for it; a right one may be repeated', async () => {
    const alice = await scenario.world.user('Alice');
    const tablet = await alice.device();
    await enableCloudPassword(alice.main.client, { password: 'right', hint: '' });
    const challenge = await alice.main.call({ _: 'account.getPassword' });
    const wrong = await alice.main.client.computeSrpParams(challenge, 'wrong');
    const right = await alice.main.client.computeSrpParams(challenge, 'right');
    const settings = (password: tl.TypeInputCheckPasswordSRP) => ({ _: 'account.getPasswordSettings', password }) as const;
    expect((await tablet.fails(settings(right))).text).toBe('SRP_ID_INVALID');
    expect((await alice.main.fails(settings(wrong))).text).toBe('PASSWORD_HASH_INVALID');
    expect((await alice.main.fails(settings(right))).text).toBe('SRP_ID_INVALID');
    const again = await alice.main.client.computeSrpParams(await alice.main.call({ _: 'account.getPassword' }), 'right');
    await alice.main.call(settings(again));
    await alice.main.call(settings(again));
    expect((await alice.main.fails(settings({ _: 'inputCheckPasswordEmpty' }))).text).toBe('PASSWORD_HASH_INVALID');
  });

  test('guesses from many sessions are counted together', async () => {
    const alice = await scenario.world.user('Alice');
    await enableCloudPassword(alice.main.client, { password: 'secret', hint: '' });
    const answers: (string | undefined)[] = [];
    for (let session = 0; session < 3; session++) {
      await asGuest(scenario, async (guest) => {
        expect(await showCode(guest, alice)).toBe('SESSION_PASSWORD_NEEDED');
        for (const guess of ['a', 'b']) answers.push(await errorOf(checkPassword(guest, guess)));
        if (session === 2) answers.push(await errorOf(checkPassword(guest, 'secret')));
      });
    }
    expect(answers.slice(0, 5)).toEqual(Array(5).fill('PASSWORD_HASH_INVALID'));
    for (const late of answers.slice(5)) expect(late).toBe('FLOOD_WAIT_%d');
    // Guesses of others do not lock the owner out of the settings.
    await removeCloudPassword(alice.main.client, 'secret');
  });

  test('a recovery address counts once its code was confirmed, and gives access to the account', async () => {
    const alice = await scenario.world.user('Alice');
    const { client } = alice.main;
    expect(await errorOf(enableCloudPassword(client, { password: 'lost', hint: '', email: 'alice@example.org' }))).toBe('EMAIL_UNCONFIRMED_%d');
    const waiting = await client.call({ _: 'account.getPassword' });
    expect(waiting.hasPassword).toBe(false);
    expect(waiting.emailUnconfirmedPattern).toBe('a***e@example.org');
    expect(await errorOf(verifyPasswordEmail(client, '000'))).toBe('CODE_INVALID');
    await verifyPasswordEmail(client, emails.at(-1)!.code);
    expect(await client.call({ _: 'account.getPassword' })).toMatchObject({ hasPassword: true, hasRecovery: true });
    await asGuest(scenario, async (guest) => {
      expect(await showCode(guest, alice)).toBe('SESSION_PASSWORD_NEEDED');
      expect((await guest.call({ _: 'auth.requestPasswordRecovery' })).emailPattern).toBe('a***e@example.org');
      const { code } = emails.at(-1)!;
      expect(await errorOf(guest.call({ _: 'auth.checkRecoveryPassword', code: 'x' }))).toBe('CODE_INVALID');
      await guest.call({ _: 'auth.checkRecoveryPassword', code });
      const opened = await guest.call({ _: 'auth.recoverPassword', code });
      expect(opened).toMatchObject({ _: 'auth.authorization', user: { id: alice.id } });
    });
    expect((await client.call({ _: 'account.getPassword' })).hasPassword).toBe(false);
  });
});

describe('log-in by QR code', () => {
  /** Shows a QR code on a new device and has it scanned by an actor's device. */
  function logInByQr(guest: BaseTelegramClient, actor: Actor, password?: string) {
    let read = false;
    return signInQr(guest, {
      ...(password === undefined ? {} : { password }),
      onUrlUpdated: (url) => {
        if (read) return;
        read = true;
        const token = Buffer.from(new URL(url).searchParams.get('token')!, 'base64url');
        actor.main.call({ _: 'auth.acceptLoginToken', token }).catch((error: unknown) => {
          throw error;
        });
      },
    });
  }

  test('the waiting device is told at once', async () => {
    const alice = await scenario.world.user('Alice');
    await asGuest(scenario, async (guest) => {
      const self = await logInByQr(guest, alice);
      expect(self.id).toBe(alice.id);
    });
    // The device that accepted it is not asked to confirm it, but may show it in its list.
    expect(await alice.main.seesUpdate('updateNewAuthorization')).toMatchObject({ unconfirmed: false });
  });

  test('a password is required after the scan', async () => {
    const alice = await scenario.world.user('Alice');
    await enableCloudPassword(alice.main.client, { password: 'pass', hint: '' });
    await asGuest(scenario, async (guest) => {
      const self = await logInByQr(guest, alice, 'pass');
      expect(self.id).toBe(alice.id);
    });
  });

  test('two accounts accept one token: one succeeds, and only the device that shows it may use it', async () => {
    const [alice, mallory] = [await scenario.world.user('Alice'), await scenario.world.user('Mallory')];
    await asGuest(scenario, async (guest) => {
      const shown = await guest.call({ _: 'auth.exportLoginToken', ...API, exceptIds: [] });
      if (shown._ !== 'auth.loginToken') throw new Error(shown._);
      const { token } = shown;
      // Without this update, clients ask again only when the token expires.
      const told = new Promise<void>((resolve) => {
        guest.onServerUpdate.add((pushed) => {
          if (pushed._ === 'updateShort' && pushed.update._ === 'updateLoginToken') resolve();
        });
      });
      await asGuest(scenario, async (thief) => {
        expect(await errorOf(thief.call({ _: 'auth.importLoginToken', token }))).toBe('AUTH_TOKEN_INVALIDX');
      });
      const outcomes = await Promise.all([alice, mallory].map((actor) => errorOf(actor.main.call({ _: 'auth.acceptLoginToken', token }))));
      expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1);
      expect(outcomes).toContain('AUTH_TOKEN_ALREADY_ACCEPTED');
      await told;
      const winner = outcomes[0] === undefined ? alice : mallory;
      // A second scan by the same account creates no second device.
      await winner.main.call({ _: 'auth.acceptLoginToken', token });
      const done = await guest.call({ _: 'auth.importLoginToken', token });
      expect(done).toMatchObject({ _: 'auth.loginTokenSuccess', authorization: { user: { id: winner.id } } });
      expect((await winner.main.call({ _: 'account.getAuthorizations' })).authorizations).toHaveLength(2);
    });
  });
});
