import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { tl } from '@aerogram/tl';

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
export class Authenticator {
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
