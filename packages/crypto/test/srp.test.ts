import { createRequire } from 'node:module';
import { Long, type tl } from '@mtcute/node';
import { computeNewPasswordHash, computeSrpParams, NodeCryptoProvider } from '@mtcute/node/utils.js';
import bigInt from 'big-integer';
import type * as Gram from 'telegram';
import type * as GramPassword from 'telegram/Password.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkDhValue, createSrpServer, DH_GENERATOR, DH_PRIME, padBigEndian, type SrpServer, type SrpVerifier } from '../src/index.ts';
import { seeded } from './seeded.ts';

/** GramJS's own code, which is CommonJS. */
const require = createRequire(import.meta.url);
const { computeCheck, computeDigest } = require('telegram/Password.js') as typeof GramPassword;
const { Api } = require('telegram') as typeof Gram;

const random = seeded('srp');
const mtcuteCrypto = new NodeCryptoProvider();
let server: SrpServer;
beforeAll(async () => {
  server = createSrpServer();
  await mtcuteCrypto.initialize();
});

const algo = (salt1: Uint8Array, salt2: Uint8Array): tl.RawPasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow => ({
  _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow', salt1, salt2, g: DH_GENERATOR, p: DH_PRIME,
});

async function mtcuteVerifier(password: string): Promise<SrpVerifier> {
  const wanted = algo(random.bytes(8), random.bytes(16));
  const verifier = await computeNewPasswordHash(mtcuteCrypto, wanted, password);
  return { salt1: wanted.salt1, salt2: wanted.salt2, verifier };
}

async function mtcuteProof(kept: SrpVerifier, shown: Uint8Array, password: string) {
  const answer = await computeSrpParams(
    mtcuteCrypto,
    { _: 'account.password', currentAlgo: algo(kept.salt1, kept.salt2), srpB: shown, srpId: Long.ONE } as tl.account.RawPassword,
    password,
  );
  if (answer._ !== 'inputCheckPasswordSRP') throw new Error(answer._);
  return answer;
}

describe('SRP with the clients’ own code', () => {
  test('mtcute: only the right password is accepted', async () => {
    const kept = await mtcuteVerifier('correct horse');
    expect(checkDhValue(kept.verifier)).toBeDefined();
    const challenge = server.challenge(kept.verifier, random);
    const right = await mtcuteProof(kept, challenge.shown, 'correct horse');
    expect(server.provesPassword(kept, challenge, right.A, right.M1)).toBe(true);
    const wrong = await mtcuteProof(kept, challenge.shown, 'correct horsE');
    expect(server.provesPassword(kept, challenge, wrong.A, wrong.M1)).toBe(false);
  });

  test('a proof is invalid for another challenge', async () => {
    const kept = await mtcuteVerifier('correct horse');
    const [first, second] = [server.challenge(kept.verifier, random), server.challenge(kept.verifier, random)];
    const proof = await mtcuteProof(kept, first.shown, 'correct horse');
    expect(server.provesPassword(kept, second, proof.A, proof.M1)).toBe(false);
  });

  test('an A of 0, 1, p or without a known exponent proves nothing', async () => {
    const kept = await mtcuteVerifier('correct horse');
    const challenge = server.challenge(kept.verifier, random);
    for (const A of [new Uint8Array(256), Uint8Array.of(1), DH_PRIME, new Uint8Array(300).fill(7), new Uint8Array(0)]) {
      expect(server.provesPassword(kept, challenge, A, new Uint8Array(32))).toBe(false);
    }
  });

  test('GramJS: its digest and its proof', async () => {
    const salts = { salt1: Buffer.from(random.bytes(40)), salt2: Buffer.from(random.bytes(16)) };
    const kdf = new Api.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow({ ...salts, g: DH_GENERATOR, p: Buffer.from(DH_PRIME) });
    const verifier = padBigEndian(await computeDigest(kdf, 'пароль'), 256)!;
    const kept = { ...salts, verifier };
    const challenge = server.challenge(verifier, random);
    const request = new Api.account.Password({
      hasPassword: true, currentAlgo: kdf, srp_B: Buffer.from(challenge.shown), srpId: bigInt.one,
      newAlgo: kdf, newSecureAlgo: new Api.SecurePasswordKdfAlgoUnknown(), secureRandom: Buffer.alloc(0),
    });
    const proof = await computeCheck(request, 'пароль');
    expect(server.provesPassword(kept, challenge, proof.A, proof.M1)).toBe(true);
  });
});
