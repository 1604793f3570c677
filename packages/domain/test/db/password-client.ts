import { createDhGroup, padBigEndian, sha256, sha256Of, xorBytes, DH_GENERATOR, DH_PRIME, SERVER_SECRET_BYTES } from '@aerogram/crypto';
import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { type AdminChallenge, newPasswordAlgo, type Prover, type UserKey } from '../../src/index.ts';
import { APP, errorOf, type World } from './accounts-world.ts';

const random = seededRandom('passwords');
const group = createDhGroup(SERVER_SECRET_BYTES);
export const NO_PROOF: tl.InputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' };
const toBigInt = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const P = toBigInt(DH_PRIME);
const G = padBigEndian(Uint8Array.of(DH_GENERATOR), 256)!;

/** The client's x without the slow key derivation; the server cannot tell the difference. */
const exponentOf = (password: string) => sha256(Buffer.from(password));

/** Settings that set a password, and optionally a recovery address. */
export function passwordSettings(password: string, email?: string): tl.account.passwordInputSettings {
  const algo = newPasswordAlgo(random);
  const new_algo = { ...algo, salt1: Buffer.concat([algo.salt1, random.bytes(32)]) };
  return { _: 'account.passwordInputSettings', new_algo, new_password_hash: group.agree(exponentOf(password), G), hint: '', email };
}

/** Settings that remove the password. */
export function noPassword(): tl.account.passwordInputSettings {
  return { ...passwordSettings(''), new_password_hash: new Uint8Array() };
}

/**
 * The user who proves a password with a request.
 * @param request distinguishes one request from another
 */
export function proverOf(key: UserKey, options: { loggingIn?: boolean; request?: string } = {}): Prover {
  return { ...key, loggingIn: options.loggingIn ?? false, requestHash: sha256(Buffer.from(options.request ?? '')) };
}

/** The client's half of the SRP exchange, see core.telegram.org/api/srp. */
export async function prove(world: World, { userId, authKeyId }: UserKey, password: string): Promise<tl.InputCheckPasswordSRP> {
  const { current } = await world.domain.auth.passwords.findPasswordState(userId, authKeyId);
  return current ? answerChallenge(current, password) : NO_PROOF;
}

/** The proof for a challenge. */
export function answerChallenge(current: AdminChallenge, password: string): tl.inputCheckPasswordSRP {
  const a = group.generate(random);
  const x = exponentOf(password);
  const u = sha256Of(a.shown, current.shown);
  const kv = (toBigInt(sha256Of(DH_PRIME, G)) * toBigInt(group.agree(x, G))) % P;
  const base = (toBigInt(current.shown) - kv + P) % P;
  const power = (toBigInt(a.secret) + toBigInt(u) * toBigInt(x)).toString(16);
  const shared = group.agree(Buffer.from(power.padStart(power.length + (power.length % 2), '0'), 'hex'), Buffer.from(base.toString(16).padStart(512, '0'), 'hex'));
  const M1 = sha256Of(xorBytes(sha256(DH_PRIME), sha256(G)), sha256(current.salt1), sha256(current.salt2), a.shown, current.shown, sha256(shared));
  return { _: 'inputCheckPasswordSRP', srp_id: current.srpId, A: a.shown, M1 };
}

/** Signs up an account with a password. */
export async function withPassword(world: World, phone: string, password: string) {
  const { userId, device, key } = await world.signUp(phone, 'Pat');
  const prover = proverOf(key);
  await world.domain.auth.passwords.doUpdatePassword(prover, NO_PROOF, passwordSettings(password));
  return { userId, device, prover, phone };
}

/** A device that has entered the code and waits for the password. */
export async function waitingDevice(world: World, phone: string) {
  const device = await world.newDevice();
  const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
  const outcome = await errorOf(world.domain.auth.doSignIn(device, phone, codeHash, phone.charAt(5).repeat(5)));
  if (outcome !== 'SESSION_PASSWORD_NEEDED') throw new Error(`the log-in answers ${outcome}`);
  return world.again(device);
}
