import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { APP, errorOf } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

let homes: TwoHomes;
let anna: Awaited<ReturnType<TwoHomes['one']['signUp']>>;
let count = 0;

beforeAll(async () => {
  homes = await createTwoHomes();
});
beforeEach(async () => {
  anna = await homes.one.signUp(`99966111${String(count++).padStart(2, '0')}`, 'Anna');
});
afterAll(() => homes[Symbol.asyncDispose]());

const exportFor = (dc: number): Promise<Uint8Array> => homes.one.domain.auth.doExportAuthorization(anna.userId, anna.key.authKeyId, dc);

/** Binds a new key of the second home to Anna. */
async function bindAtTwo() {
  const device = await homes.two.newDevice();
  await homes.two.domain.auth.doImportAuthorization(device, anna.userId, await exportFor(2));
  return device;
}

const keyAtTwo = (authKeyId: bigint) => homes.two.domain.auth.findKeyState(authKeyId);

describe('a key of another home', () => {
  test('is bound by a token of the home of its user, who is no user of that home', async () => {
    const { two } = homes;
    const device = await two.newDevice();
    expect(await two.domain.auth.doImportAuthorization(device, anna.userId, await exportFor(2))).toBe(false);
    expect(await keyAtTwo(device.permAuthKeyId)).toMatchObject({ homeDc: 1, userId: undefined, passwordPending: false });
    for (const table of ['users', 'authorizations'] as const) {
      expect([table, await two.db.q.selectFrom(table).select('user_id').where('user_id', '=', anna.userId).execute()]).toEqual([table, []]);
    }
    expect(await homes.one.domain.auth.devices.listDevices(anna.userId, anna.key.authKeyId)).toHaveLength(1);
  });

  test('binds once with a token, which only the home that it was made for may use', async () => {
    const { one, two } = homes;
    const bytes = await exportFor(2);
    const [device, thief] = [await two.newDevice(), await two.newDevice()];
    expect(await errorOf(one.domain.auth.doImportAuthorization(await one.newDevice(), anna.userId, bytes))).toBe('AUTH_BYTES_INVALID');
    await two.domain.auth.doImportAuthorization(device, anna.userId, bytes);
    await two.domain.auth.doImportAuthorization(device, anna.userId, bytes);
    expect(await errorOf(two.domain.auth.doImportAuthorization(thief, anna.userId, bytes))).toBe('AUTH_BYTES_INVALID');
    expect(await errorOf(two.domain.auth.doImportAuthorization(thief, anna.userId, await exportFor(1)))).toBe('AUTH_BYTES_INVALID');
    expect(await errorOf(two.domain.auth.doImportAuthorization(thief, anna.userId, bytes.slice(1)))).toBe('AUTH_BYTES_INVALID');
    const late = await exportFor(2);
    await one.clock.advance(301_000);
    expect(await errorOf(two.domain.auth.doImportAuthorization(thief, anna.userId, late))).toBe('AUTH_BYTES_INVALID');
    expect((await keyAtTwo(thief.permAuthKeyId))?.homeDc).toBeUndefined();
    expect(await errorOf(exportFor(3))).toBe('DC_ID_INVALID');
  });

  test('is not bound by a token of a device that has logged out since', async () => {
    const bytes = await exportFor(2);
    await homes.one.domain.auth.doLogOut(anna.device);
    expect(await errorOf(homes.two.domain.auth.doImportAuthorization(await homes.two.newDevice(), anna.userId, bytes))).toBe('AUTH_BYTES_INVALID');
  });

  test('is not bound while the home of its user is away', async () => {
    const [device, bytes] = [await homes.two.newDevice(), await exportFor(2)];
    homes.setCut(true);
    await expect(homes.two.domain.auth.doImportAuthorization(device, anna.userId, bytes)).rejects.toThrow('data centre 1 cannot be reached');
    homes.setCut(false);
    expect(await homes.two.domain.auth.doImportAuthorization(device, anna.userId, bytes)).toBe(false);
  });

  test('is free again after a log-out, a day, or a log-in as somebody of its own home', async () => {
    const { two } = homes;
    const [left, old, used] = [await bindAtTwo(), await bindAtTwo(), await bindAtTwo()];
    await two.domain.auth.doLogOut(left);
    expect((await keyAtTwo(left.permAuthKeyId))?.homeDc).toBeUndefined();
    await two.signUp(`99966211${String(count).padStart(2, '0')}`, 'Ben');
    const { key } = await two.logIn(`99966211${String(count).padStart(2, '0')}`, used);
    expect(await keyAtTwo(used.permAuthKeyId)).toMatchObject({ userId: key.userId });
    await two.domain.auth.doLogOut(await two.again(used));
    expect((await keyAtTwo(used.permAuthKeyId))?.homeDc).toBeUndefined();
    expect((await keyAtTwo(old.permAuthKeyId))?.homeDc).toBe(1);
    await two.clock.advance(86_400_000);
    expect((await keyAtTwo(old.permAuthKeyId))?.homeDc).toBeUndefined();
  });

  test('that was logged in is logged out', async () => {
    const { two } = homes;
    const ben = await two.signUp(`99966212${String(count).padStart(2, '0')}`, 'Ben');
    await two.domain.auth.doImportAuthorization(ben.device, anna.userId, await exportFor(2));
    expect(await keyAtTwo(ben.key.authKeyId)).toMatchObject({ homeDc: 1, userId: undefined });
    expect(await two.domain.auth.devices.listDevices(ben.userId, ben.key.authKeyId)).toEqual([]);
  });
});

test('a bot that logs in at another home than its own is sent there', async () => {
  const { one, two } = homes;
  const token = (id: bigint): string => `${id}:${'A'.repeat(35)}`;
  expect(await errorOf(two.domain.auth.bots.doImportBotAuthorization(await two.newDevice(), token(anna.userId), APP))).toBe('USER_MIGRATE_1');
  expect(await errorOf(one.domain.auth.bots.doImportBotAuthorization(await one.newDevice(), token(anna.userId), APP))).toBe('ACCESS_TOKEN_INVALID');
  expect([one, two].map(({ domain }) => domain.auth.botTokens.homeOf(anna.userId))).toEqual([undefined, 1]);
});

// The last of the file: the other home does not come back.
describe('once the home of a user was removed', () => {
  test('a key of the user is unknown, and no other one is bound', async () => {
    const [device, bytes] = [await bindAtTwo(), await exportFor(2)];
    expect(await keyAtTwo(device.permAuthKeyId)).toMatchObject({ homeDc: 1 });
    homes.removeOther(2);
    expect((await keyAtTwo(device.permAuthKeyId))!.homeDc).toBeUndefined();
    expect(await errorOf(homes.two.domain.auth.doImportAuthorization(await homes.two.newDevice(), anna.userId, bytes))).toBe('AUTH_BYTES_INVALID');
  });

  test('the token of a bot from there is wrong', async () => {
    const token = `${anna.userId}:${'A'.repeat(35)}`;
    const { bots, botTokens } = homes.two.domain.auth;
    expect(await errorOf(bots.doImportBotAuthorization(await homes.two.newDevice(), token, APP))).toBe('ACCESS_TOKEN_INVALID');
    expect(botTokens.homeOf(anna.userId)).toBeUndefined();
    expect(await botTokens.find(token)).toMatchObject({ judgement: 'wrong' });
  });
});
