import { DH_GENERATOR, DH_PRIME } from '@aerogram/crypto';
import { defineMethod } from '@aerogram/rpc';

/** What the server adds to each salt; the client adds its own part. */
const SALT_BYTES = 8;
const SALT2_BYTES = 16;

/** No account has a password yet. TDLib refuses algorithms that it does not know, so the answer names the real ones. */
export const getPassword = defineMethod({
  method: 'account.getPassword',
  access: 'user',
  pending2fa: true,
  cost: 2,
  repeat: 'read',
  empty: 'two-step verification',
  handler: ({ random }) =>
    Promise.resolve({
      _: 'account.password',
      new_algo: {
        _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
        salt1: random.bytes(SALT_BYTES),
        salt2: random.bytes(SALT2_BYTES),
        g: DH_GENERATOR,
        p: DH_PRIME,
      },
      new_secure_algo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: random.bytes(SALT_BYTES) },
      secure_random: random.bytes(256),
    }),
});
