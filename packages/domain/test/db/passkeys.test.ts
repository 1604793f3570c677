import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { doBanPhone } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { keepsLog: true });
});
afterAll(() => world[Symbol.asyncDispose]());

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest();

/** The few CBOR types that an authenticator needs. */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, n: number) => (n < 24 ? Buffer.of((major << 5) | n) : n < 256 ? Buffer.of((major << 5) | 24, n) : Buffer.of((major << 5) | 25, n >> 8, n & 255));
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v as string)])]);
  return Buffer.concat([head(2, value.length), value]);
}

/** A passkey in software: one credential for one site, with ES256. */
class Authenticator {
  readonly id = createHash('sha256').update('credential').digest().subarray(0, 16);
  readonly #key: KeyObject;
  readonly #point: Buffer[];
  #handle = '';

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' });
    this.#point = [x, y].map((half) => Buffer.from(half!, 'base64url'));
  }

  #client(type: string, challenge: string, origin: string): tl.dataJSON {
    return { _: 'dataJSON', data: JSON.stringify({ type, challenge, origin, crossOrigin: false }) };
  }

  #data(domain: string, flags: number, rest: Uint8Array = Buffer.alloc(0)): Buffer {
    return Buffer.concat([sha256(domain), Buffer.of(flags), Buffer.alloc(4), rest]);
  }

  #credential(response: tl.InputPasskeyResponse): tl.inputPasskeyCredentialPublicKey {
    const id = this.id.toString('base64url');
    return { _: 'inputPasskeyCredentialPublicKey', id, raw_id: id, response };
  }

  create(options: string, origin = 'https://localhost'): tl.inputPasskeyCredentialPublicKey {
    const { publicKey } = JSON.parse(options) as { publicKey: { challenge: string; rp: { id: string }; user: { id: string } } };
    this.#handle = Buffer.from(publicKey.user.id, 'base64url').toString();
    const [x, y] = this.#point;
    const cose = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, x], [-3, y]]));
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, this.id.length), this.id, cose]);
    const attestation_data = cbor(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', this.#data(publicKey.rp.id, 0x45, attested)]]));
    return this.#credential({ _: 'inputPasskeyResponseRegister', client_data: this.#client('webauthn.create', publicKey.challenge, origin), attestation_data });
  }

  get(options: string, change: { origin?: string; flags?: number; handle?: string } = {}): tl.inputPasskeyCredentialPublicKey {
    const { publicKey } = JSON.parse(options) as { publicKey: { challenge: string; rpId: string } };
    const client_data = this.#client('webauthn.get', publicKey.challenge, change.origin ?? 'http://localhost:8080');
    const authenticator_data = this.#data(publicKey.rpId, change.flags ?? 0x05);
    const signature = sign('sha256', Buffer.concat([authenticator_data, sha256(client_data.data)]), this.#key);
    const user_handle = change.handle ?? this.#handle;
    return this.#credential({ _: 'inputPasskeyResponseLogin', client_data, authenticator_data, signature, user_handle });
  }
}

async function withPasskey(phone: string) {
  const { auth } = world.domain;
  const { userId, device } = await world.signUp(phone, 'Kay');
  const authenticator = new Authenticator();
  const made = authenticator.create(await auth.passkeys.doInitPasskey(userId, device.permAuthKeyId));
  const passkey = await auth.passkeys.doRegisterPasskey(userId, device.permAuthKeyId, made);
  return { userId, device, authenticator, made, passkey };
}

describe('passkeys', () => {
  it('do not log in to an account whose number is banned', async () => {
    const { auth } = world.domain;
    const { userId, authenticator } = await withPasskey('9996670009');
    await doBanPhone(world.db, { phone: '9996670009', userId, isBanned: true, nowDate: world.clock.now() });
    const guest = await world.newDevice();
    const answer = authenticator.get(await auth.passkeys.doInitPasskeyLogin(guest, APP));
    expect(await errorOf(auth.passkeys.doFinishPasskeyLogin(guest, answer, undefined))).toBe('PHONE_NUMBER_BANNED');
    expect(await world.again(guest)).toMatchObject({ userId: undefined, pendingUserId: undefined });
  });

  it('log in, and can be listed and deleted', async () => {
    const { auth } = world.domain;
    const { userId, device, authenticator, made, passkey } = await withPasskey('9996670001');
    expect(await auth.passkeys.listPasskeys(userId)).toEqual([passkey]);
    // A repeat does not create a second one.
    expect(await auth.passkeys.doRegisterPasskey(userId, device.permAuthKeyId, made)).toEqual(passkey);
    const guest = await world.newDevice();
    const answer = authenticator.get(await auth.passkeys.doInitPasskeyLogin(guest, APP));
    expect(await auth.passkeys.doFinishPasskeyLogin(guest, answer, undefined)).toBe(userId);
    expect(await auth.passkeys.doFinishPasskeyLogin(await world.again(guest), answer, undefined)).toBe(userId);
    expect((await world.again(guest)).userId).toBe(userId);
    expect((await auth.passkeys.listPasskeys(userId))[0]).toMatchObject({ last_usage_date: world.clock.now() });
    await auth.passkeys.doDeletePasskey(userId, passkey.id);
    expect(await auth.passkeys.listPasskeys(userId)).toEqual([]);
    const late = await world.newDevice();
    expect(await errorOf(auth.passkeys.doFinishPasskeyLogin(late, authenticator.get(await auth.passkeys.doInitPasskeyLogin(late, APP)), undefined))).toBe('CREDENTIAL_INVALID');
  });

  it('sign once, for the requesting key, from an allowed origin, and for their own user', async () => {
    const { auth } = world.domain;
    const { userId, authenticator } = await withPasskey('9996670002');
    world.logged.length = 0;
    const { userId: victim } = await world.signUp('9996670003', 'Vic');
    const [guest, thief] = [await world.newDevice(), await world.newDevice()];
    const ask = () => auth.passkeys.doInitPasskeyLogin(guest, APP);
    const finish = (answer: tl.inputPasskeyCredentialPublicKey, device = guest, from?: bigint) => errorOf(auth.passkeys.doFinishPasskeyLogin(device, answer, from));
    const stolen = authenticator.get(await ask());
    expect(await finish(stolen, thief)).toBe('CREDENTIAL_INVALID');
    expect(await finish(stolen)).toBe('CREDENTIAL_INVALID');
    expect(await finish(authenticator.get(await ask(), { origin: 'https://phish.example' }))).toBe('PASSKEY_ORIGIN_MISMATCH');
    expect(await finish(authenticator.get(await ask(), { flags: 0x01 }))).toBe('CREDENTIAL_INVALID');
    expect(await finish(authenticator.get(await ask(), { handle: `2:${victim}` }))).toBe('CREDENTIAL_INVALID');
    const good = authenticator.get(await ask());
    if (good.response._ !== 'inputPasskeyResponseLogin') throw new Error(good.response._);
    good.response.authenticator_data[36]! ^= 1;
    expect(await finish(good)).toBe('CREDENTIAL_INVALID');
    const failures = world.logged.filter((line) => line['event'] === 'log_in_failed');
    expect(failures).toHaveLength(6);
    expect(failures[3]).toMatchObject({ reason: 'passkey', userId: Number(userId), address: guest.address });
    expect(failures[4]).not.toHaveProperty('userId');
    const old = authenticator.get(await ask());
    await world.clock.advance(601_000);
    expect(await finish(old)).toBe('CREDENTIAL_INVALID');
    // A client that switches data centres in between has another key.
    expect(await finish(authenticator.get(await ask()), thief, guest.permAuthKeyId)).toBe('no error');
  });
});
