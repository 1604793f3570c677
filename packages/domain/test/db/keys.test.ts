import { createHash } from 'node:crypto';

import { igeEncrypt, messageKeysV1, msgKeyV1 } from '@aerogram/crypto';
import { authTopic } from '@aerogram/bus';
import { mtEncode } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('keys and devices', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function newKey(kind: 'perm' | 'temp', id: bigint, lifeS = 3600): Promise<Uint8Array> {
    const key = new Uint8Array(256).map((_, i) => (Number(id) + i) & 255);
    const now = world.clock.now();
    await world.domain.auth.keyStore.create({
      authKeyId: id,
      key,
      kind,
      created_date: now,
      expires_date: kind === 'temp' ? now + lifeS : undefined,
      dcId: 2,
      media: false,
      test: false,
    });
    return key;
  }

  interface Binding {
    temp: bigint;
    perm: bigint;
    session?: bigint;
    nonce?: bigint;
    msgId?: bigint;
    expires?: number;
  }

  function encryptedBinding(permKey: Uint8Array, binding: Binding): Uint8Array {
    const inner = mtEncode({
      _: 'bind_auth_key_inner',
      nonce: binding.nonce ?? 5n,
      temp_auth_key_id: binding.temp,
      perm_auth_key_id: binding.perm,
      temp_session_id: binding.session ?? 11n,
      expires_at: binding.expires ?? world.clock.now() + 3600,
    });
    const plain = Buffer.alloc(80);
    plain.writeBigInt64LE(binding.msgId ?? 4n, 16);
    plain.writeInt32LE(40, 28);
    plain.set(inner, 32);
    const msgKey = msgKeyV1(plain.subarray(0, 72));
    const { key, iv } = messageKeysV1(permKey, msgKey, 'to-server');
    const head = Buffer.alloc(8);
    head.writeBigInt64LE(binding.perm, 0);
    return Buffer.concat([head, msgKey, igeEncrypt(plain, key, iv)]);
  }

  const bind = (permKey: Uint8Array, binding: Binding, changes: Partial<Binding> = {}): Promise<void> => {
    const said = { ...binding, ...changes };
    return world.domain.auth.doBindTempAuthKey({
      authKeyId: said.temp,
      sessionId: said.session ?? 11n,
      msgId: said.msgId ?? 4n,
      permAuthKeyId: said.perm,
      nonce: said.nonce ?? 5n,
      expires_date: said.expires ?? world.clock.now() + 3600,
      encrypted: encryptedBinding(permKey, binding),
    });
  };

  it('binds a temporary key once, and only with proof of the permanent key', async () => {
    const permKey = await newKey('perm', 100n);
    const tempKey = await newKey('temp', 101n);
    const binding = { temp: 101n, perm: 100n };
    expect((await world.domain.auth.findKeyState(101n))?.permAuthKeyId).toBeUndefined();
    expect(await errorOf(bind(tempKey, binding))).toBe('ENCRYPTED_MESSAGE_INVALID');
    expect(await errorOf(bind(permKey, binding, { nonce: 6n }))).toBe('ENCRYPTED_MESSAGE_INVALID');
    expect(await errorOf(bind(permKey, binding, { session: 12n }))).toBe('ENCRYPTED_MESSAGE_INVALID');
    expect(await errorOf(bind(permKey, binding, { msgId: 8n }))).toBe('ENCRYPTED_MESSAGE_INVALID');
    expect(await errorOf(bind(permKey, { ...binding, expires: 1 }))).toBe('EXPIRES_AT_INVALID');
    expect(await errorOf(bind(permKey, { temp: 100n, perm: 100n }))).toBe('TEMP_AUTH_KEY_EMPTY');
    expect(await errorOf(bind(permKey, { temp: 101n, perm: 999n }))).toBe('ENCRYPTED_MESSAGE_INVALID');
    await bind(permKey, binding);
    await bind(permKey, binding);
    expect((await world.domain.auth.findKeyState(101n))?.permAuthKeyId).toBe(100n);
    const otherKey = await newKey('perm', 102n);
    expect(await errorOf(bind(otherKey, { temp: 101n, perm: 102n }))).toBe('TEMP_AUTH_KEY_ALREADY_BOUND');
  });

  it('expires a temporary key with its binding, if that is sooner', async () => {
    const permKey = await newKey('perm', 110n);
    const now = world.clock.now();
    const endsOf = async (id: bigint): Promise<(number | undefined)[]> => [
      (await world.domain.auth.keyStore.find(id))?.expires_date,
      (await world.domain.auth.findKeyState(id))?.expires_date,
    ];
    await newKey('temp', 111n, 3600);
    await bind(permKey, { temp: 111n, perm: 110n, expires: now + 900_000 });
    expect(await endsOf(111n)).toEqual([now + 3600, now + 3600]);
    await bind(permKey, { temp: 111n, perm: 110n, expires: now + 600 });
    expect(await endsOf(111n)).toEqual([now + 600, now + 600]);
    await bind(permKey, { temp: 111n, perm: 110n, expires: now + 1800 });
    expect(await endsOf(111n)).toEqual([now + 600, now + 600]);
    await newKey('temp', 112n, 3600);
    await bind(permKey, { temp: 112n, perm: 110n, expires: now + 1 });
    await world.clock.advance(1000);
    expect(await endsOf(112n)).toEqual([undefined, undefined]);
  });

  it('drops bound temporary keys except the given ones, and expired ones automatically', async () => {
    const permKey = await newKey('perm', 200n);
    for (const temp of [201n, 202n]) {
      await newKey('temp', temp);
      await bind(permKey, { temp, perm: 200n });
    }
    await world.domain.auth.doDropTempAuthKeys(200n, [202n]);
    expect(await world.domain.auth.keyStore.find(201n)).toBeUndefined();
    expect(await world.domain.auth.keyStore.find(202n)).toBeDefined();
    await newKey('temp', 203n, 1);
    await world.clock.advance(2000);
    expect(await world.domain.auth.keyStore.find(203n)).toBeUndefined();
    expect(await world.domain.auth.findKeyState(203n)).toBeUndefined();
    await world.domain.auth.doCleanUp();
    const rows = await world.db.q.selectFrom('auth_keys').select('auth_key_id').where('auth_key_id', '=', 203n).execute();
    expect(rows).toEqual([]);
  });

  it('caches for a minute that a key does not exist, unless it is created here', async () => {
    const { keyStore } = world.domain.auth;
    expect(await keyStore.find(301n)).toBeUndefined();
    expect(await keyStore.find(302n)).toBeUndefined();
    await newKey('perm', 301n);
    expect(await keyStore.find(301n)).toMatchObject({ authKeyId: 301n });
    // Written directly to the database, which shows that the database was not asked.
    const { auth_key_id: _id, ...row } = await world.db.q.selectFrom('auth_keys').selectAll().where('auth_key_id', '=', 301n).executeTakeFirstOrThrow();
    await world.db.q.insertInto('auth_keys').values({ ...row, auth_key_id: 302n }).execute();
    expect(await keyStore.find(302n)).toBeUndefined();
    await world.clock.advance(60_000);
    expect(await keyStore.find(302n)).toMatchObject({ authKeyId: 302n });
  });

  it('keeps layer and connection data with the permanent key after a restart', async () => {
    await newKey('perm', 300n);
    const init = {
      apiId: 5, deviceModel: 'Phone', systemVersion: '1', appVersion: '2', systemLangCode: 'de-DE', langPack: '', langCode: 'de',
    };
    const before = await world.domain.auth.findKeyState(300n);
    await world.domain.auth.doSaveConnection(before!, { layer: 198, init });
    await world.restart();
    expect(await world.domain.auth.findKeyState(300n)).toMatchObject({ layer: 198, init });
    const state = await world.domain.auth.findKeyState(300n);
    await world.domain.auth.doSaveConnection(state!, { layer: undefined, init: undefined });
    expect(await world.domain.auth.findKeyState(300n)).toMatchObject({ layer: 198, init });
  });

  it('lists devices and logs out others, notifying their keys', async () => {
    const { userId, device } = await world.signUp('9996610010', 'Ann');
    const second = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(second, '9996610010', { apiId: 1, apiHash: '' });
    await world.domain.auth.doSignIn(second, '9996610010', codeHash, '11111');
    const list = await world.domain.auth.devices.listDevices(userId, device.permAuthKeyId);
    expect(list.map((one) => one.current)).toEqual([true, undefined]);
    const other = list[1]!;
    expect(other.hash).not.toBe(0n);
    const hints: unknown[] = [];
    using _ = world.bus.subscribe(authTopic(second.permAuthKeyId), (hint) => hints.push(hint));
    expect(await errorOf(world.domain.auth.devices.doResetDevice(userId, device.permAuthKeyId, 1n))).toBe('HASH_INVALID');
    expect(await errorOf(world.domain.auth.devices.doResetDevice(userId, second.permAuthKeyId, other.hash))).toBe('HASH_INVALID');
    await world.domain.auth.devices.doResetDevice(userId, device.permAuthKeyId, other.hash);
    expect(await world.domain.auth.findKeyState(second.permAuthKeyId)).toMatchObject({ userId: undefined, revoked: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hints).toContainEqual({ reason: 'ended' });
    expect(await world.domain.auth.devices.listDevices(userId, device.permAuthKeyId)).toHaveLength(1);
  });

  it('exports an authorisation to another data centre once, and ends it with its device', async () => {
    const { userId, device } = await world.signUp('9996610011', 'Tom');
    const { auth } = world.domain;
    expect(await errorOf(auth.doExportAuthorization(userId, device.permAuthKeyId, 9))).toBe('DC_ID_INVALID');
    const bytes = await auth.doExportAuthorization(userId, device.permAuthKeyId, 4);
    const media = await world.newDevice();
    const thief = await world.newDevice();
    expect(await errorOf(auth.doImportAuthorization(media, userId + 8n, bytes))).toBe('AUTH_BYTES_INVALID');
    await auth.doImportAuthorization(media, userId, bytes);
    // The answer was lost; the same key may repeat the import, another may not.
    await auth.doImportAuthorization(await world.again(media), userId, bytes);
    expect(await errorOf(auth.doImportAuthorization(thief, userId, bytes))).toBe('AUTH_BYTES_INVALID');
    expect((await world.again(media)).userId).toBe(userId);
    expect(await auth.devices.listDevices(userId, media.permAuthKeyId)).toMatchObject([{ current: true }]);
    const late = await auth.doExportAuthorization(userId, device.permAuthKeyId, 4);
    await world.clock.advance(301_000);
    expect(await errorOf(auth.doImportAuthorization(thief, userId, late))).toBe('AUTH_BYTES_INVALID');
    await auth.doLogOut(device);
    expect((await world.again(media)).userId).toBeUndefined();
  });

  it('logs in a device by a token that another device accepts, once', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996610013', 'Quinn');
    const other = await world.signUp('9996610014', 'Rae');
    const guest = await world.newDevice();
    const app = { apiId: 1, apiHash: '' };
    const { token } = await auth.doExportLoginToken(guest, app, [other.userId]);
    expect((await auth.doExportLoginToken(guest, app, [])).token).toEqual(token);
    expect(token[0]).toBe(2);
    expect(await errorOf(auth.doAcceptLoginToken(owner.key, token.slice(1)))).toBe('AUTH_TOKEN_INVALIDX');
    expect(await errorOf(auth.doAcceptLoginToken(other.key, token))).toBe('AUTH_TOKEN_EXCEPTION');
    expect(await auth.doAcceptLoginToken(owner.key, token)).toEqual({ authKeyId: guest.permAuthKeyId, passwordNeeded: false });
    expect(await auth.doAcceptLoginToken(owner.key, token)).toEqual({ authKeyId: guest.permAuthKeyId, passwordNeeded: false });
    expect(await errorOf(auth.doAcceptLoginToken(other.key, token))).toBe('AUTH_TOKEN_ALREADY_ACCEPTED');
    expect((await world.again(guest)).userId).toBe(owner.userId);
    expect(await auth.devices.findDevice(owner.userId, guest.permAuthKeyId)).toMatchObject({ ip: '127.0.0.1', current: undefined });
    const late = await world.newDevice();
    const expired = await auth.doExportLoginToken(late, app, []);
    await world.clock.advance(31_000);
    expect(await errorOf(auth.doAcceptLoginToken(owner.key, expired.token))).toBe('AUTH_TOKEN_EXPIRED');
  });

  it('logs in a device by a token from before tokens began with their home', async () => {
    const { auth } = world.domain;
    const owner = await world.signUp('9996610016', 'Old');
    const guest = await world.newDevice();
    const { token } = await auth.doExportLoginToken(guest, { apiId: 1, apiHash: '' }, []);
    const hashOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
    const older = Uint8Array.from(token, (byte, n) => (n === 0 ? 0xff : byte));
    await world.db.q.updateTable('login_tokens').set({ token_hash: hashOf(older) }).where('token_hash', '=', hashOf(token)).execute();
    expect(await auth.doAcceptLoginToken(owner.key, older)).toEqual({ authKeyId: guest.permAuthKeyId, passwordNeeded: false });
  });

  it('drops permanent keys without a user that made no call for a month', async () => {
    const { auth } = world.domain;
    const { device } = await world.signUp('9996610015', 'Gus');
    await newKey('perm', 400n);
    const usedKey = await newKey('perm', 401n);
    await newKey('temp', 402n, 90 * 86_400);
    await bind(usedKey, { temp: 402n, perm: 401n, expires: world.clock.now() + 90 * 86_400 });
    await world.clock.advance(20 * 86_400_000);
    const state = (await auth.findKeyState(402n))!;
    auth.activity.noteGuest(state.permAuthKeyId!, state.seenDate);
    await auth.activity.flush();
    auth.activity.note((await auth.findKeyState(device.permAuthKeyId))!.userId!, device.permAuthKeyId, '127.0.0.1');
    await auth.activity.flush();
    const leaving = await world.again(device);
    await auth.doLogOut(leaving);
    await world.clock.advance(11 * 86_400_000);
    await auth.doCleanUp();
    expect(await auth.findKeyState(400n)).toBeUndefined();
    expect(await auth.findKeyState(402n)).toMatchObject({ permAuthKeyId: 401n });
    expect(await auth.findKeyState(device.permAuthKeyId)).toMatchObject({ userId: undefined });
    await world.clock.advance(20 * 86_400_000);
    await auth.doCleanUp();
    expect(await auth.findKeyState(401n)).toBeUndefined();
    expect(await auth.findKeyState(402n)).toBeUndefined();
    expect(await auth.keyStore.find(device.permAuthKeyId)).toBeUndefined();
  });

  it('destroys a key with everything that depends on it', async () => {
    const { userId, device } = await world.signUp('9996610012', 'Zoe');
    expect(await world.domain.auth.keyStore.destroy(device.permAuthKeyId)).toBe(true);
    expect(await world.domain.auth.keyStore.destroy(device.permAuthKeyId)).toBe(false);
    expect(await world.domain.auth.findKeyState(device.permAuthKeyId)).toBeUndefined();
    expect(await world.domain.auth.devices.listDevices(userId, device.permAuthKeyId)).toEqual([]);
  });
});
