import { generateKeyPairSync } from 'node:crypto';
import { createDhGroup, type DhGroup, type RandomBytes, readRsaPrivateKey, type RsaPrivateKey } from '@aerogram/crypto';
import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import type { AuthKeyRecord, CreatedKey } from '../src/index.ts';
import { createHandshakeOperations, Greetings, type HandshakeCrypto, type HandshakeDeps, type HandshakeStep } from '../src/handshake/index.ts';

/** Creates an RSA key for tests; like `generateServerKey`, one whose fingerprint mtcute can find. */
export function makeRsaKey(): RsaPrivateKey {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = readRsaPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs1' }).toString());
    if (BigInt.asUintN(64, key.fingerprint) >> 60n !== 0n) return key;
  }
}

let group: DhGroup | undefined;

/** The client's Diffie-Hellman group; setting it up takes 200 ms. */
export function clientGroup(): DhGroup {
  group ??= createDhGroup(256);
  return group;
}

/** A key store in memory that can be made to fail or to report keys as taken. */
export class MemoryKeyStore {
  readonly keys = new Map<bigint, AuthKeyRecord>();
  /** How many of the next keys are reported as taken. */
  collisions = 0;
  isDown = false;

  create(record: AuthKeyRecord): Promise<CreatedKey> {
    if (this.isDown) return Promise.reject(new Error('the store is down'));
    if (this.collisions > 0) {
      this.collisions--;
      return Promise.resolve('taken');
    }
    this.keys.set(record.authKeyId, record);
    return Promise.resolve('created');
  }
}

/** Everything that the server side of a handshake needs, without threads. */
export interface HandshakeFixture extends HandshakeDeps {
  key: RsaPrivateKey;
  store: MemoryKeyStore;
  clock: FakeClock;
}

const serverKey = makeRsaKey();
const operations = createHandshakeOperations([serverKey], { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });

/** Runs the workers' steps in this thread. */
export const inlineCrypto: HandshakeCrypto = {
  open: (fingerprint, encrypted) => Promise.resolve(operations.open(fingerprint, encrypted)),
  agree: (secret, gB) => Promise.resolve(operations.agree(secret, gB)),
};

/** Creates the server side; `random` determines nonces and challenges. */
export function handshakeFixture(random: RandomBytes, crypto: HandshakeCrypto = inlineCrypto): HandshakeFixture {
  const clock = createFakeClock(1_700_000_000_000);
  return {
    key: serverKey,
    fingerprints: [serverKey.fingerprint],
    crypto,
    store: new MemoryKeyStore(),
    clock,
    random,
    greetings: new Greetings(random, clock),
    dcIds: [1, 2, 3, 4, 5],
    homeDcId: 2,
  };
}

/** The body to send, or an error that describes another step. */
export function bodyOf(step: HandshakeStep): Uint8Array {
  if (step.type === 'answer' || step.type === 'created') return step.body;
  throw new Error(`no answer: ${step.type === 'refused' ? `${step.code} ${step.reason}` : step.type}`);
}
