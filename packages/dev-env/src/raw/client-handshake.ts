import {
  addHash, createDhGroup, exchangeKeys, factorizePq, igeDecrypt, igeEncrypt, initialSalt, newNonceHash, readRsaPublicKey,
  rsaPadEncrypt, type DhGroup, type RsaPublicKey,
} from '@aerogram/crypto';
import type { Random } from '@aerogram/runtime';
import { mtDecode, mtEncode, TlReader, SERVICE_READERS, type mt } from '@aerogram/tl';

/** A permanent authorization key, fresh from the handshake. */
export interface FreshKey {
  /** 256 bytes. */
  bytes: Uint8Array;
  salt: bigint;
}

/** Exponents of 256 bytes, as the documents ask of clients; setting the group up takes 200 ms, so once a process. */
let group: DhGroup | undefined;

/**
 * Makes an authorization key as clients do (core.telegram.org/mtproto/auth_key), checking what they check.
 *
 * @param exchange sends the body of an unencrypted message and gives the body of the answer
 * @param keys PKCS#1 PEM of the server's keys
 * @throws when the server breaks the protocol
 */
export async function makeAuthKey(exchange: (body: Uint8Array) => Promise<Uint8Array>, keys: string[], dc: number, random: Random): Promise<FreshKey> {
  group ??= createDhGroup(256);
  const nonce = random.bytes(16);
  const resPq = await ask(exchange, { _: 'req_pq_multi', nonce }, 'resPQ');
  const publicKey = chooseKey(resPq.server_public_key_fingerprints, keys);
  const { p, q } = factorizePq(resPq.pq);
  const newNonce = random.bytes(32);
  const { server_nonce } = resPq;
  const inner = mtEncode({ _: 'p_q_inner_data_dc', pq: resPq.pq, p, q, nonce, server_nonce, new_nonce: newNonce, dc });
  const params = await ask(exchange, {
    _: 'req_DH_params', nonce, server_nonce, p, q, public_key_fingerprint: publicKey.fingerprint, encrypted_data: rsaPadEncrypt(inner, publicKey, random),
  }, 'server_DH_params_ok');

  const { key, iv } = exchangeKeys(newNonce, server_nonce);
  const answer = igeDecrypt(params.encrypted_answer, key, iv);
  // SHA1 in front, padding behind: the reader stops where the constructor ends.
  const dh = new TlReader(answer.subarray(20), { table: SERVICE_READERS }).boxed<mt.server_DH_inner_data>();
  const pair = group.generate(random);
  const bytes = group.agree(pair.secret, dh.g_a);
  const clientInner = mtEncode({ _: 'client_DH_inner_data', nonce, server_nonce, retry_id: 0n, g_b: pair.shown });
  const done = await ask(exchange, { _: 'set_client_DH_params', nonce, server_nonce, encrypted_data: igeEncrypt(addHash(clientInner, random), key, iv) }, 'dh_gen_ok');
  if (!Buffer.from(done.new_nonce_hash1).equals(newNonceHash(newNonce, 1, bytes))) throw new Error('dh_gen_ok carries a wrong hash');
  return { bytes, salt: initialSalt(newNonce, server_nonce) };
}

async function ask<K extends mt.AnyService['_']>(exchange: (body: Uint8Array) => Promise<Uint8Array>, request: mt.AnyService, expected: K): Promise<Extract<mt.AnyService, { _: K }>> {
  const answer = mtDecode(await exchange(mtEncode(request)));
  if (answer._ !== expected) throw new Error(`${request._} is answered by ${answer._}`);
  return answer as Extract<mt.AnyService, { _: K }>;
}

function chooseKey(fingerprints: bigint[], pems: string[]): RsaPublicKey {
  const found = pems.map((pem) => readRsaPublicKey(pem)).find((key) => fingerprints.includes(key.fingerprint));
  if (!found) throw new Error('the server offers no key that it has published');
  return found;
}
