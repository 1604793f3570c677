import {
  addHash,
  type AesKeys,
  authKeyIds,
  checkDhValue,
  compareBigEndian,
  type DhGroup,
  DH_GENERATOR,
  DH_PRIME,
  equalBytes,
  exchangeKeys,
  factorizePq,
  igeDecrypt,
  igeEncrypt,
  initialSalt,
  newNonceHash,
  type RandomBytes,
  rsaPadEncrypt,
  type RsaPublicKey,
  sha1,
  sha1PadEncrypt,
} from '@aerogram/crypto';
import { mtDecode, mtEncode, type mt, SERVICE_READERS, TlReader } from '@aerogram/tl';

/** Options for creating a key as a client. */
export interface NegotiateOptions {
  /** Server keys that the client trusts. */
  publicKeys: readonly RsaPublicKey[];
  /** The Diffie-Hellman group; its slow setup is done once for all handshakes. The documentation requires secrets of 256 bytes. */
  group: DhGroup;
  random: RandomBytes;
  /** Put into the inner data; without it the form without a DC is sent, as by older clients. */
  dc?: number | undefined;
  /** Asks for a temporary key with this lifetime, in seconds. */
  expiresInS?: number | undefined;
  /** Uses the padding before RSA_PAD. */
  olderPadding?: boolean | undefined;
  /** Sends `req_pq` instead of `req_pq_multi`. */
  olderRequest?: boolean | undefined;
}

/** A created key. */
export interface NegotiatedKey {
  authKey: Uint8Array;
  authKeyId: bigint;
  serverSalt: bigint;
  /** The server's Unix time during the handshake. */
  serverTime: number;
}

/** The server's answer is not what an honest server sends. */
export class NegotiationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NegotiationError';
  }
}

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new NegotiationError(message);
}

const RETRY_LIMIT = 5;

/**
 * Creates an authorization key as a client, with every check that the documentation requires. For tests and load generators.
 * @param exchange sends the body of an unencrypted message and returns the body of the answer.
 * @throws NegotiationError when the server's answer fails a check or the server refuses.
 * @see https://core.telegram.org/mtproto/auth_key
 */
export async function negotiateAuthKey(
  exchange: (body: Uint8Array) => Promise<Uint8Array>,
  options: NegotiateOptions,
): Promise<NegotiatedKey> {
  const { random, group } = options;
  const ask = async (request: mt.AnyService): Promise<mt.AnyService> => mtDecode(await exchange(mtEncode(request)));
  const nonce = random.bytes(16);
  const resPq = await ask({ _: options.olderRequest === true ? 'req_pq' : 'req_pq_multi', nonce });
  demand(resPq._ === 'resPQ' && equalBytes(resPq.nonce, nonce), 'no resPQ for our nonce');
  const { server_nonce } = resPq;
  const common = { nonce, server_nonce };
  const isOurs = (answer: { nonce: Uint8Array; server_nonce: Uint8Array }): boolean =>
    equalBytes(answer.nonce, nonce) && equalBytes(answer.server_nonce, server_nonce);

  const publicKey = options.publicKeys.find((key) => resPq.server_public_key_fingerprints.includes(key.fingerprint));
  demand(publicKey !== undefined, 'the server has none of the keys that we trust');
  const { p, q } = factorizePq(resPq.pq);
  demand(compareBigEndian(p, q) < 0, 'p is not less than q');
  const newNonce = random.bytes(32);
  const inner = mtEncode(describeKey({ pq: resPq.pq, p, q, ...common, new_nonce: newNonce }, options));
  const encrypted_data = options.olderPadding === true ? sha1PadEncrypt(inner, publicKey, random) : rsaPadEncrypt(inner, publicKey, random);
  const offered = await ask({ _: 'req_DH_params', ...common, p, q, public_key_fingerprint: publicKey.fingerprint, encrypted_data });
  demand(offered._ === 'server_DH_params_ok' && isOurs(offered), 'no server_DH_params_ok');

  const keys = exchangeKeys(newNonce, server_nonce);
  const { g, dh_prime, g_a, server_time, ...served } = openServerData(offered.encrypted_answer, keys);
  demand(isOurs(served), 'Diffie-Hellman data for other nonces');
  demand(g === DH_GENERATOR && equalBytes(dh_prime, DH_PRIME), 'a group that we do not know as good');
  const gA = checkDhValue(g_a);
  demand(gA !== undefined, 'g_a is out of range');

  let retry_id = 0n;
  for (let attempt = 0; attempt < RETRY_LIMIT; attempt++) {
    const { secret, shown } = group.generate(random);
    const authKey = group.agree(secret, gA);
    const data = mtEncode({ _: 'client_DH_inner_data', ...common, retry_id, g_b: shown });
    const finished = await ask({ _: 'set_client_DH_params', ...common, encrypted_data: igeEncrypt(addHash(data, random), keys.key, keys.iv) });
    demand(finished._ === 'dh_gen_ok' || finished._ === 'dh_gen_retry' || finished._ === 'dh_gen_fail', `${finished._} instead of a verdict`);
    demand(isOurs(finished), `${finished._} for other nonces`);
    const { id, auxHash } = authKeyIds(authKey);
    if (finished._ === 'dh_gen_ok') {
      demand(equalBytes(finished.new_nonce_hash1, newNonceHash(newNonce, 1, authKey)), 'wrong new_nonce_hash1');
      return { authKey, authKeyId: id, serverSalt: initialSalt(newNonce, server_nonce), serverTime: server_time };
    }
    if (finished._ === 'dh_gen_fail') {
      demand(equalBytes(finished.new_nonce_hash3, newNonceHash(newNonce, 3, authKey)), 'wrong new_nonce_hash3');
      throw new NegotiationError('the server gave up (dh_gen_fail)');
    }
    demand(equalBytes(finished.new_nonce_hash2, newNonceHash(newNonce, 2, authKey)), 'wrong new_nonce_hash2');
    retry_id = auxHash;
  }
  throw new NegotiationError('the server wants to retry for ever');
}

function describeKey(common: Omit<mt.p_q_inner_data, '_'>, { dc, expiresInS }: NegotiateOptions): mt.P_Q_inner_data {
  if (dc === undefined) {
    return expiresInS === undefined ? { _: 'p_q_inner_data', ...common } : { _: 'p_q_inner_data_temp', ...common, expires_in: expiresInS };
  }
  return expiresInS === undefined
    ? { _: 'p_q_inner_data_dc', ...common, dc }
    : { _: 'p_q_inner_data_temp_dc', ...common, dc, expires_in: expiresInS };
}

function openServerData(encrypted: Uint8Array, keys: AesKeys): mt.server_DH_inner_data {
  demand(encrypted.length % 16 === 0 && encrypted.length > 32, 'encrypted_answer is no whole blocks');
  const withHash = igeDecrypt(encrypted, keys.key, keys.iv);
  const data = withHash.subarray(20);
  const reader = new TlReader(data, { table: SERVICE_READERS });
  const value = reader.boxed<mt.AnyService>();
  demand(value._ === 'server_DH_inner_data', `${value._} instead of server_DH_inner_data`);
  demand(data.length - reader.pos < 16 && equalBytes(sha1(data.subarray(0, reader.pos)), withHash.subarray(0, 20)), 'wrong hash of the answer');
  return value;
}
