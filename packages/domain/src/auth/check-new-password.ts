import { checkDhValue, DH_GENERATOR, DH_PRIME, equalBytes } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import type { NewPassword } from './password-store.ts';

/** Length of the part of the server of the first salt; the client appends its own part. */
const SALT1_BYTES = 8;
/** Length of the second salt, which is wholly the part of the server. */
const SALT2_BYTES = 16;

const SALT_MAX = 128;
const HINT_MAX = 255;

type Algo = tl.passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow;

/** The algorithm for deriving a new password, with fresh salts. */
export function newPasswordAlgo(random: Random): Algo {
  return passwordAlgo({ salt1: random.bytes(SALT1_BYTES), salt2: random.bytes(SALT2_BYTES) });
}

/** The algorithm with which a stored password was derived. */
export function passwordAlgo({ salt1, salt2 }: { salt1: Uint8Array; salt2: Uint8Array }): Algo {
  return { _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow', salt1, salt2, g: DH_GENERATOR, p: DH_PRIME };
}

/**
 * Checks a new password and returns it in the form that is stored.
 * @returns undefined when the settings remove the password (empty hash)
 * @throws RpcError 400 NEW_SETTINGS_INVALID, NEW_SALT_INVALID
 */
export function checkedNewPassword(algo: tl.PasswordKdfAlgo, hash: Uint8Array, hint: string): NewPassword | undefined {
  if (hash.length === 0) return undefined;
  if (algo._ === 'passwordKdfAlgoUnknown' || algo.g !== DH_GENERATOR || !equalBytes(algo.p, DH_PRIME)) throw rpcError('NEW_SETTINGS_INVALID');
  const { salt1, salt2 } = algo;
  // The client must have appended randomness of its own to the first salt.
  if (salt1.length <= SALT1_BYTES || salt1.length > SALT_MAX || salt2.length < SALT2_BYTES || salt2.length > SALT_MAX) throw rpcError('NEW_SALT_INVALID');
  const verifier = checkDhValue(hash);
  if (verifier === undefined) throw rpcError('NEW_SETTINGS_INVALID');
  return { salt1, salt2, verifier, hint: cleanLine(hint, HINT_MAX) };
}
