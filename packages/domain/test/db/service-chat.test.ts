import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, type World } from './accounts-world.ts';

/**
 * Notices about log-ins are enqueued in the transaction of the log-in and written by a job, so that a crash in between neither loses nor
 * duplicates them.
 */
describe('notices', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const PHONE = '15550001111';

  const askCode = async (phone: string) => {
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    return { device, codeHash, code: world.codes.at(-1)!.code };
  };

  const signUp = async (phone: string): Promise<bigint> => {
    const { device, codeHash, code } = await askCode(phone);
    await world.domain.auth.doSignIn(device, phone, codeHash, code);
    return world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Ann', lastName: '' });
  };

  const textsOf = async (owner: bigint): Promise<string[]> =>
    (await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', owner).orderBy('msg_id').execute()).map((row) => row.text);

  it('of a code and of a new device arrive once, even if the server crashed before they were written', async () => {
    const userId = await signUp(PHONE);
    const asked = await askCode(PHONE);
    await world.restart();
    await world.runJobs('repeat');
    expect(await textsOf(userId)).toMatchObject([expect.stringContaining(`Login code: ${asked.code}.`)]);

    expect(await world.domain.auth.doSignIn(asked.device, PHONE, asked.codeHash, asked.code)).toBe(userId);
    await world.restart();
    // The client did not get the answer and asks again.
    expect(await world.domain.auth.doSignIn(await world.again(asked.device), PHONE, asked.codeHash, asked.code)).toBe(userId);
    await world.runJobs('repeat');
    const [, notice, ...others] = await textsOf(userId);
    expect(notice).toContain('New login.');
    expect(notice).toContain('Location: This computer (IP = 127.0.0.1)');
    expect(others).toEqual([]);
  });

  it('arrive also for a device that another one let in', async () => {
    const phone = '15550400001';
    const userId = await signUp(phone);
    const { auth } = world.domain;
    const [owner] = await world.db.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).execute();
    const guest = await world.newDevice();
    const init = { apiId: 7, deviceModel: 'Laptop', systemVersion: '1', appVersion: '3.0', systemLangCode: 'en', langPack: '', langCode: 'en' };
    await auth.doSaveConnection((await auth.findKeyState(guest.permAuthKeyId))!, { layer: undefined, init });
    const { token } = await auth.doExportLoginToken(guest, APP, []);
    await auth.doAcceptLoginToken({ userId, authKeyId: owner!.auth_key_id }, token);
    await world.runJobs();
    expect((await textsOf(userId)).at(-1)).toContain('Device: app 7 3.0, Laptop');
  });

  it('of a new contact who signed up arrive once, even if the sign-up is repeated', async () => {
    const phone = '9996610077';
    const { userId: owner } = await world.signUp('9996610078', 'Owner');
    await world.domain.contacts.doImportContacts(owner, [{ clientId: 1n, phone, firstName: 'Newton', lastName: '' }]);
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, '11111');
    const names = { firstName: 'New', lastName: '' };
    const userId = await world.domain.auth.doSignUp(device, phone, codeHash, names);
    await world.restart();
    expect(await world.domain.auth.doSignUp(await world.again(device), phone, codeHash, names)).toBe(userId);
    await world.runJobs('repeat');
    expect(await textsOf(owner)).toEqual(['']);
    expect((await world.domain.contacts.listContactIds(owner)).ids).toEqual([userId]);
  });

  it('are not written if the transaction that they report on was not committed', async () => {
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, '15550002222', APP);
    await expect(world.domain.auth.doSignIn(device, '15550002222', codeHash, '0')).rejects.toThrow('PHONE_CODE_INVALID');
    expect(await world.db.q.selectFrom('jobs').select('kind').execute()).toEqual([]);
  });
});
