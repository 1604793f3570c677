import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { NO_PROOF, passwordSettings, prove, proverOf, waitingDevice, withPassword } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { keepsLog: true });
});
afterAll(() => world[Symbol.asyncDispose]());

/** The failures in the log since the last call. */
function takeFailures(): Record<string, unknown>[] {
  const failures = world.logged.filter((line) => line['event'] === 'log_in_failed').map(({ level: _level, time: _time, ...line }) => line);
  world.logged.length = 0;
  return failures;
}

const five = async (guess: (n: number) => Promise<unknown>): Promise<string[]> => {
  const errors: string[] = [];
  for (let n = 0; n < 5; n++) errors.push(await errorOf(guess(n)));
  return errors;
};

async function countOf(how: string, outcome: string): Promise<number> {
  return Number(new RegExp(`^aerogram_log_ins_total\\{how="${how}",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(await world.metrics.render())?.[1] ?? 0);
}

describe('five wrong guesses are five lines with the address', () => {
  it('of codes', async () => {
    const { auth } = world.domain;
    const { userId } = await world.signUp('9996621001', 'Ann');
    const guest = await world.newDevice();
    const { codeHash } = await auth.doSendCode(guest, '9996621001', APP);
    takeFailures();
    expect(await five((n) => auth.doSignIn(guest, '9996621001', codeHash, `1000${n}`))).toEqual(Array(5).fill('PHONE_CODE_INVALID'));
    expect(takeFailures()).toEqual(Array(5).fill({ event: 'log_in_failed', reason: 'code', userId: Number(userId), guess: 'wrong', address: guest.address, msg: 'a wrong code was given' }));
    expect(await countOf('code', 'failed')).toBe(5);
  });

  it('of passwords, at the log-in and at the deletion of the account by whoever has only its code', async () => {
    const { auth } = world.domain;
    const { userId, phone } = await withPassword(world, '9996621002', 'right');
    const device = await waitingDevice(world, phone);
    const key = { userId, authKeyId: device.permAuthKeyId };
    const line = { event: 'log_in_failed', reason: 'password', userId: Number(userId), address: device.address, msg: 'a wrong password was given' };
    takeFailures();
    for (let n = 0; n < 3; n++) await errorOf(auth.doCheckPassword(device, await prove(world, key, 'wrong'), new Uint8Array()));
    const thief = { ...proverOf(key, { loggingIn: true }), address: device.address };
    for (let n = 0; n < 2; n++) await errorOf(auth.doDeleteAccount(thief, await prove(world, key, 'wrong')));
    expect(takeFailures()).toEqual(Array(5).fill(line));
    expect(await countOf('password', 'failed')).toBe(5);
  });

  it('of recovery codes, whether they are checked or used', async () => {
    const { auth } = world.domain;
    const { key } = await world.signUp('9996621003', 'Rae');
    await errorOf(auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one', 'safe@example.org')));
    await auth.passwords.doConfirmPasswordEmail(key.userId, world.emails.at(-1)!.code);
    const device = await waitingDevice(world, '9996621003');
    const asker = { userId: key.userId, authKeyId: device.permAuthKeyId };
    await auth.doRequestRecovery(asker);
    takeFailures();
    for (let n = 0; n < 2; n++) expect(await errorOf(auth.doCheckRecoveryCode({ ...asker, loggingIn: true, address: device.address }, 'nope'))).toBe('CODE_INVALID');
    for (let n = 0; n < 3; n++) expect(await errorOf(auth.doRecoverPassword(device, 'nope', undefined))).toBe('CODE_INVALID');
    expect(takeFailures()).toEqual(Array(5).fill({ event: 'log_in_failed', reason: 'recovery_code', userId: Number(key.userId), address: device.address, msg: 'a wrong code was given' }));
  });

  it('of tokens of bots', async () => {
    const { auth } = world.domain;
    const device = await world.newDevice();
    takeFailures();
    await five((n) => auth.bots.doImportBotAuthorization(device, `7000001:${'a'.repeat(34)}${n}`, APP));
    expect(takeFailures()).toEqual(Array(5).fill({ event: 'log_in_failed', reason: 'token', address: device.address, msg: 'a wrong token was given' }));
  });
});

describe('the metrics', () => {
  it('count log-ins by their ways, and codes that went out, failed, and were used', async () => {
    const { auth } = world.domain;
    const codes = async (outcome: string): Promise<number> => Number(new RegExp(`^aerogram_codes_total\\{way="sms",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(await world.metrics.render())?.[1] ?? 0);
    const [before, sent, used, failed] = [await countOf('sign_up', 'ok'), await codes('sent'), await codes('used'), await codes('failed')];
    const device = await world.newDevice();
    const phone = '15550210001';
    world.refusesCodes = true;
    await errorOf(auth.doSendCode(device, phone, APP));
    world.refusesCodes = false;
    const { codeHash } = await auth.doSendCode(device, phone, APP);
    await auth.doReportMissingCode(device, phone, codeHash);
    const { code } = world.codes.at(-1)!;
    await auth.doSignIn(device, phone, codeHash, code);
    await auth.doSignIn(device, phone, codeHash, code);
    await auth.doSignUp(device, phone, codeHash, { firstName: 'Sue', lastName: '' });
    expect([await countOf('sign_up', 'ok'), await codes('failed'), await codes('sent'), await codes('missing'), await codes('used')]).toEqual([before + 1, failed + 1, sent + 1, 1, used + 1]);
  });
});
