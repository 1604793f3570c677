import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

/** Concurrent calls by one user on several devices, and by guessers from many. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

/** The outcomes without an error. */
const successes = (outcomes: readonly string[]): number => outcomes.filter((text) => text === 'no error').length;

describe('sign-ups of one number', () => {
  it('create one account, whoever is first and whatever crashes in between', async () => {
    const phone = '9996610101';
    const devices = await Promise.all(Array.from({ length: 6 }, () => world.newDevice()));
    const hashes: string[] = [];
    for (const device of devices) {
      const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
      await world.domain.auth.doSignIn(device, phone, codeHash, '11111');
      hashes.push(codeHash);
    }
    const signUp = (at: number): Promise<string> =>
      errorOf(world.domain.auth.doSignUp(devices[at]!, phone, hashes[at]!, { firstName: `Racer ${at}`, lastName: '' }));
    const outcomes = await Promise.all(devices.map((_, at) => signUp(at)));
    expect(successes(outcomes)).toBe(1);
    expect(outcomes.filter((text) => text === 'PHONE_NUMBER_OCCUPIED')).toHaveLength(5);
    await world.restart();
    expect(await world.db.q.selectFrom('users').select('first_name').where('phone', '=', phone).execute()).toEqual([
      { first_name: `Racer ${outcomes.indexOf('no error')}` },
    ]);
    expect(await world.db.q.selectFrom('phones').select('phone').where('phone', '=', phone).execute()).toHaveLength(1);
  });
});

describe('a QR token', () => {
  it('accepted by two accounts at the same time logs in one of them', async () => {
    const { auth } = world.domain;
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await world.signUp(`99966102${round}0`, 'One'), await world.signUp(`99966102${round}1`, 'Other')];
      const guest = await world.newDevice();
      const { token } = await auth.doExportLoginToken(guest, APP, []);
      const outcomes = await Promise.all([one, other, one, other].map(({ key }) => errorOf(auth.doAcceptLoginToken(key, token))));
      // The account that was logged in may accept it again.
      expect(new Set(outcomes.slice(0, 2))).toEqual(new Set(['AUTH_TOKEN_ALREADY_ACCEPTED', 'no error']));
      expect([outcomes[2], outcomes[3]]).toEqual([outcomes[0], outcomes[1]]);
      const winner = outcomes[0] === 'no error' ? one : other;
      expect((await world.again(guest)).userId).toBe(winner.userId);
      const rows = await world.db.q.selectFrom('authorizations').select('user_id').where('auth_key_id', '=', guest.permAuthKeyId).execute();
      expect(rows).toEqual([{ user_id: winner.userId }]);
    }
  });
});

describe('two devices of one account', () => {
  it('that change the number at the same time leave it one number, and free the others', async () => {
    const { auth, users } = world.domain;
    const { userId, device } = await world.signUp('9996610301', 'Nell');
    const tablet = await world.newDevice();
    const { codeHash } = await auth.doSendCode(tablet, '9996610301', APP);
    await auth.doSignIn(tablet, '9996610301', codeHash, '11111');
    await world.clock.advance(2 * DAY_MS);
    const asked = [];
    for (const [at, one] of [device, await world.again(tablet)].entries()) {
      const phone = `999661030${5 + at}`;
      asked.push({ one, phone, ...(await auth.doSendChangePhoneCode(one, phone)) });
    }
    const outcomes = await Promise.all(asked.map(({ one, phone, codeHash: hash }) => errorOf(auth.doChangePhone(one, phone, { codeHash: hash, code: '11111' }, undefined))));
    // The other code was for an account with the old number.
    expect(outcomes.toSorted()).toEqual(['PHONE_CODE_EXPIRED', 'no error']);
    const numbers = await world.db.q.selectFrom('phones').select('phone').where('user_id', '=', userId).execute();
    expect(numbers).toEqual([{ phone: (await users.findRow(userId))!.phone }]);
    for (const phone of ['9996610301', '9996610305', '9996610306']) {
      const owner = await users.findByPhone(phone);
      expect(owner?.user_id).toBe(phone === numbers[0]!.phone ? userId : undefined);
    }
  });
});

describe('guesses of log-in codes', () => {
  it('from many devices at the same time are limited to 25 a day, even after a restart, and then the right code is rejected too', async () => {
    const phone = '15550009999';
    const asked: { device: Awaited<ReturnType<World['newDevice']>>; codeHash: string; code: string }[] = [];
    for (let n = 0; n < 8; n++) {
      const device = await world.newDevice();
      asked.push({ device, codeHash: (await world.domain.auth.doSendCode(device, phone, APP)).codeHash, code: world.codes.at(-1)!.code });
    }
    const guess = ({ device, codeHash }: (typeof asked)[number], code: string): Promise<string> => errorOf(world.domain.auth.doSignIn(device, phone, codeHash, code));
    const first = await Promise.all(asked.flatMap((one) => [1, 2].map(() => guess(one, '0'))));
    expect(first.filter((text) => text === 'PHONE_CODE_INVALID')).toHaveLength(16);
    await world.restart();
    const second = await Promise.all(asked.flatMap((one) => [1, 2, 3, 4].map(() => guess(one, '0'))));
    expect(second.filter((text) => text === 'PHONE_CODE_INVALID')).toHaveLength(9);
    for (const one of asked) expect(await guess(one, one.code)).toBe('PHONE_CODE_EXPIRED');
    await world.clock.advance(4 * 3600_000);
    expect(await errorOf(world.domain.auth.doSendCode(await world.newDevice(), phone, APP))).toBe('PHONE_NUMBER_FLOOD');
    await world.clock.advance(DAY_MS);
    expect(await errorOf(world.domain.auth.doSendCode(await world.newDevice(), phone, APP))).toBe('no error');
  });
});

describe('the bar above a chat', () => {
  it('is logged last as it is, when two devices add and delete a contact at the same time', async () => {
    const { contacts, peerBars, updates, users } = world.domain;
    const [alice, bob] = [(await world.signUp('9996610901', 'Alice')).userId, (await world.signUp('9996610902', 'Bob')).userId];
    const row = (await users.findRow(bob))!;
    const entry = { first_name: 'Bob', last_name: '', phone: '', note: '' };
    const { pts, date } = await updates.findState(alice);
    for (let round = 0; round < 40; round++) {
      await Promise.all([contacts.doAddContact(alice, row, entry), contacts.doDeleteContacts(alice, [bob])]);
      const { difference } = await updates.findDifference(alice, { pts, date, ptsLimit: undefined, ptsTotalLimit: undefined });
      if (difference._ !== 'updates.difference') throw new Error(difference._);
      const logged = difference.other_updates.flatMap((update) => (update._ === 'updatePeerSettings' ? [update.settings] : []));
      expect(logged.at(-1), `round ${round}`).toEqual(await peerBars.findSettings(alice, row));
    }
  });
});
