import { describe, expect, test } from 'vitest';
import type { DriverClient, Library } from './driver-client.ts';
import { LIBRARIES, TRANSPORT, useLibraries } from './libraries.ts';
import { textOf } from './people-of-libraries.ts';

const libraries = useLibraries();

let named = 0;
async function open(library: Library): Promise<DriverClient> {
  const client = libraries.drivers.get(library)!.client(`${library}-${named++}`);
  await client.open({ server: libraries.server.info, transport: TRANSPORT[library] });
  return client;
}

/** Libraries have different texts for errors; this part is the same. */
const WRONG_PASSWORD = /PASSWORD_HASH_INVALID|PasswordHashInvalid/;

describe('two-step verification set with one library applies in the others', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library}, then ${next}`, async () => {
      const { phone, code } = libraries.world.freshPhone();
      const first = await open(library);
      const { id } = await first.login({ phone, code, firstName: 'Tess' });
      await first.setPassword({ password: 'correct horse', hint: 'a horse' });
      const wrong = await open(next);
      expect(await textOf(wrong.login({ phone, code, firstName: 'Tess', password: 'wrong horse' }))).toMatch(WRONG_PASSWORD);
      const second = await open(next);
      expect(await second.login({ phone, code, firstName: 'Tess', password: 'correct horse' })).toMatchObject({ id, signedUp: false });
      // The attempt with the wrong password is in the list with the logged-in devices.
      expect(await second.devices()).toBe(3);
      await second.setPassword({ current: 'correct horse', password: 'пароль 🐎', hint: 'changed' });
      expect(await textOf(first.setPassword({ current: 'correct horse', hint: '' }))).toMatch(WRONG_PASSWORD);
      await first.setPassword({ current: 'пароль 🐎', hint: '' });
      const third = await open(next);
      expect(await third.login({ phone, code, firstName: 'Tess' })).toMatchObject({ id });
      for (const client of [first, wrong, second, third]) await client.close();
    });

    test(`${library} asks for its removal, ${next} declines`, async () => {
      const { phone, code } = libraries.world.freshPhone();
      const [first, second] = [await open(library), await open(next)];
      await first.login({ phone, code, firstName: 'Tess' });
      await first.setPassword({ password: 'forgotten', hint: '' });
      await second.login({ phone, code, firstName: 'Tess', password: 'forgotten' });
      expect(await first.invoke('account.resetPassword')).toMatchObject({ _: 'resetPasswordRequestedWait' });
      expect((await second.invoke('account.getPassword'))['pending_reset_date']).toBeGreaterThan(Date.now() / 1000);
      expect(await second.invoke('account.declinePasswordReset')).toBe(true);
      expect((await first.invoke('account.getPassword'))['pending_reset_date'] ?? null).toBeNull();
      for (const client of [first, second]) await client.close();
    });
  }
});

describe('a QR code shown by one library is scanned by another', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const reader = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    for (const password of [undefined, 'pass']) {
      test(`${library} shows it to ${reader}${password === undefined ? '' : ', with a password'}`, async () => {
        const { phone, code } = libraries.world.freshPhone();
        const owner = await open(reader);
        const { id } = await owner.login({ phone, code, firstName: 'Quin' });
        if (password !== undefined) await owner.setPassword({ password, hint: '' });
        const guest = await open(library);
        const done = guest.loginByQr(password === undefined ? {} : { password });
        const shown = await guest.sees('a QR code', (event) => event.kind === 'qr');
        if (shown.kind !== 'qr') throw new Error(shown.kind);
        await owner.acceptQr({ token: shown.token });
        expect(await done).toEqual({ id });
        expect(await owner.devices()).toBe(2);
        for (const client of [guest, owner]) await client.close();
      });
    }
  }
});
