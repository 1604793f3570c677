import {
  addHash,
  authKeyIds,
  checkDhValue,
  DH_GENERATOR,
  DH_PRIME,
  equalBytes,
  exchangeKeys,
  igeDecrypt,
  igeEncrypt,
  initialSalt,
  newNonceHash,
  padBigEndian,
  type AesKeys,
  type PqChallenge,
  type RandomBytes,
  sha1,
} from '@aerogram/crypto';
import { mtDecode, mtEncode, type mt, SERVICE_READERS, TlError, TlReader } from '@aerogram/tl';
import type { AuthKeyRecord, AuthKeyStore } from '../auth-key-store.ts';
import type { Greeting, Greetings } from './greetings.ts';
import { type HandshakeCrypto, CryptoBusyError } from './handshake-crypto.ts';
import { type PlayedDcs, readRequestedKey, type RequestedKey } from './requested-key.ts';

/** Dependencies of a handshake. */
export interface HandshakeDeps extends PlayedDcs {
  /** Shared by all handshakes. */
  greetings: Greetings;
  /** Fingerprints of the server's keys, the preferred one first. */
  fingerprints: readonly bigint[];
  crypto: HandshakeCrypto;
  /** Where keys are stored: a new key is committed before the client learns of it. */
  store: Pick<AuthKeyStore, 'create'>;
  clock: { now(): number; monotonicMs(): number };
  random: RandomBytes;
}

/** Why a request was refused; for logs and metrics. */
export type HandshakeRefusal =
  | 'malformed'
  | 'unknown-run'
  | 'wrong-step'
  | 'wrong-factors'
  | 'unknown-fingerprint'
  | 'wrong-encryption'
  | 'wrong-inner-data'
  | 'bad-lifetime'
  | 'bad-g-b'
  | 'busy';

/** What to do after a request. */
export type HandshakeStep =
  /** Send `body` as an unencrypted message. */
  | { type: 'answer'; body: Uint8Array }
  /** Send `body`; the key is committed, and messages under it may follow. */
  | { type: 'created'; body: Uint8Array; key: AuthKeyRecord; serverSalt: bigint }
  /** Send the transport error. −404: the request was wrong, and the client has to start again. −429: the server is too busy. */
  | { type: 'refused'; code: -404 | -429; reason: HandshakeRefusal }
  /** Send nothing: the same request is already being processed, or it needs no answer. */
  | { type: 'ignored' }
  /** The key store or the workers failed: close the connection without an answer (−404 would make clients drop keys). */
  | { type: 'failed'; error: unknown };

/** How often a client may try again when the id of its key is taken, which never happens by chance. */
const RETRY_LIMIT = 3;

interface Offer {
  newNonce: Uint8Array;
  requested: RequestedKey;
  keys: AesKeys;
  secret: Uint8Array;
  /** Required value of `retry_id`: 0, or the auxiliary hash of the key that was refused. */
  retryId: bigint;
  retries: number;
}

const refuse = (reason: HandshakeRefusal): HandshakeStep => ({ type: 'refused', code: -404, reason });

/**
 * One handshake with one client, from `req_DH_params` to `dh_gen_ok`. It keeps the last request and answer, so that a client that lost the
 * answer gets it again. Any other unexpected request ends the handshake.
 * @see https://core.telegram.org/mtproto/auth_key
 */
export class ServerHandshake {
  readonly nonce: Uint8Array;
  readonly serverNonce: Uint8Array;
  /** When the handshake expires, by `monotonicMs`. */
  readonly deadlineMs: number;
  readonly #deps: HandshakeDeps;
  #challenge: PqChallenge | undefined;
  #offer: Offer | undefined;
  #isOver = false;
  #isBusy = false;
  #lastRequest: Uint8Array | undefined;
  #lastStep: HandshakeStep = { type: 'ignored' };

  /** @param lifetimeMs how long the handshake may take from now on; up to 10 minutes by the documentation. */
  constructor(deps: HandshakeDeps, nonce: Uint8Array, { serverNonce, challenge }: Greeting, lifetimeMs: number) {
    this.#deps = deps;
    this.nonce = Uint8Array.from(nonce);
    this.serverNonce = Uint8Array.from(serverNonce);
    this.deadlineMs = deps.clock.monotonicMs() + lifetimeMs;
    this.#challenge = challenge;
  }

  /** Whether the handshake was ended by a refusal or failure. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Handles the next request of the handshake.
   * @param bytes the request as received: an exact repetition gets the same answer.
   */
  async receive(request: mt.req_DH_params | mt.set_client_DH_params, bytes: Uint8Array): Promise<HandshakeStep> {
    if (this.#isOver) return refuse('wrong-step');
    if (this.#lastRequest !== undefined && equalBytes(this.#lastRequest, bytes)) return this.#isBusy ? { type: 'ignored' } : this.#lastStep;
    if (this.#isBusy) return this.#end(refuse('wrong-step'));
    const before = this.#lastRequest;
    this.#isBusy = true;
    this.#lastRequest = Uint8Array.from(bytes);
    try {
      const step = await (request._ === 'req_DH_params' ? this.#offerDh(request) : this.#finish(request));
      if (this.#isOver) return refuse('wrong-step');
      if (step.type === 'refused') return this.#end(step);
      this.#lastStep = step.type === 'created' ? { type: 'answer', body: step.body } : step;
      return step;
    } catch (error) {
      if (!(error instanceof CryptoBusyError)) return this.#end({ type: 'failed', error });
      // Nothing was decided, so the same request may come again later.
      this.#lastRequest = before;
      return { type: 'refused', code: -429, reason: 'busy' };
    } finally {
      this.#isBusy = false;
    }
  }

  #end(step: HandshakeStep): HandshakeStep {
    this.#isOver = true;
    this.#challenge = undefined;
    this.#offer = undefined;
    this.#lastRequest = undefined;
    return step;
  }

  /** `req_DH_params`: the client has factorized pq and encrypted its new nonce for one of our keys. */
  async #offerDh(request: mt.req_DH_params): Promise<HandshakeStep> {
    const challenge = this.#challenge;
    if (challenge === undefined) return refuse('wrong-step');
    if (!isNumber(request.p, challenge.p) || !isNumber(request.q, challenge.q)) return refuse('wrong-factors');
    if (!this.#deps.fingerprints.includes(request.public_key_fingerprint)) return refuse('unknown-fingerprint');
    const opened = await this.#deps.crypto.open(request.public_key_fingerprint, request.encrypted_data);
    if (opened === undefined) return refuse('wrong-encryption');

    const inner = decodeService(opened.inner);
    if (inner === undefined || !isInnerData(inner)) return refuse('wrong-inner-data');
    const isOurs =
      equalBytes(inner.nonce, this.nonce) &&
      equalBytes(inner.server_nonce, this.serverNonce) &&
      isNumber(inner.pq, challenge.pq) &&
      isNumber(inner.p, challenge.p) &&
      isNumber(inner.q, challenge.q);
    if (!isOurs) return refuse('wrong-inner-data');
    const requested = readRequestedKey(inner, this.#deps);
    if (requested === undefined) return refuse('bad-lifetime');

    const keys = exchangeKeys(inner.new_nonce, this.serverNonce);
    this.#offer = { newNonce: inner.new_nonce, requested, keys, secret: opened.pair.secret, retryId: 0n, retries: 0 };
    this.#challenge = undefined;
    const answer = mtEncode({
      _: 'server_DH_inner_data',
      nonce: this.nonce,
      server_nonce: this.serverNonce,
      g: DH_GENERATOR,
      dh_prime: DH_PRIME,
      g_a: opened.pair.shown,
      server_time: this.#deps.clock.now(),
    });
    const encrypted = igeEncrypt(addHash(answer, this.#deps.random), keys.key, keys.iv);
    return {
      type: 'answer',
      body: mtEncode({ _: 'server_DH_params_ok', nonce: this.nonce, server_nonce: this.serverNonce, encrypted_answer: encrypted }),
    };
  }

  /** `set_client_DH_params`: the client has sent its g_b, and the key can be computed. */
  async #finish(request: mt.set_client_DH_params): Promise<HandshakeStep> {
    const offer = this.#offer;
    if (offer === undefined) return refuse('wrong-step');
    const inner = openClientData(request.encrypted_data, offer.keys);
    if (inner === undefined) return refuse('wrong-encryption');
    const isOurs =
      equalBytes(inner.nonce, this.nonce) && equalBytes(inner.server_nonce, this.serverNonce) && inner.retry_id === offer.retryId;
    if (!isOurs) return refuse('wrong-inner-data');
    const gB = checkDhValue(inner.g_b);
    if (gB === undefined) return refuse('bad-g-b');

    const authKey = await this.#deps.crypto.agree(offer.secret, gB);
    const { id, auxHash } = authKeyIds(authKey);
    const common = { nonce: this.nonce, server_nonce: this.serverNonce };
    const key = this.#describeKey(id, authKey, offer.requested);
    // With an id of zero every message would look unencrypted.
    if (id === 0n || (await this.#deps.store.create(key)) === 'taken') {
      offer.retries++;
      offer.retryId = auxHash;
      if (offer.retries <= RETRY_LIMIT) {
        return { type: 'answer', body: mtEncode({ _: 'dh_gen_retry', ...common, new_nonce_hash2: newNonceHash(offer.newNonce, 2, authKey) }) };
      }
      this.#offer = undefined;
      return { type: 'answer', body: mtEncode({ _: 'dh_gen_fail', ...common, new_nonce_hash3: newNonceHash(offer.newNonce, 3, authKey) }) };
    }

    this.#offer = undefined;
    return {
      type: 'created',
      body: mtEncode({ _: 'dh_gen_ok', ...common, new_nonce_hash1: newNonceHash(offer.newNonce, 1, authKey) }),
      key,
      serverSalt: initialSalt(offer.newNonce, this.serverNonce),
    };
  }

  #describeKey(authKeyId: bigint, key: Uint8Array, requested: RequestedKey): AuthKeyRecord {
    const { kind, expiresInS, dcId, media, test } = requested;
    const created_date = this.#deps.clock.now();
    return {
      authKeyId,
      key,
      kind,
      created_date,
      expires_date: expiresInS === undefined ? undefined : created_date + expiresInS,
      dcId,
      media,
      test,
    };
  }
}

function isNumber(theirs: Uint8Array, ours: Uint8Array): boolean {
  const padded = padBigEndian(theirs, ours.length);
  return padded !== undefined && equalBytes(padded, ours);
}

function isInnerData(value: mt.AnyService): value is mt.P_Q_inner_data {
  return (
    value._ === 'p_q_inner_data' || value._ === 'p_q_inner_data_dc' || value._ === 'p_q_inner_data_temp' || value._ === 'p_q_inner_data_temp_dc'
  );
}

function decodeService(bytes: Uint8Array): mt.AnyService | undefined {
  try {
    return mtDecode(bytes);
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}

/** Decrypts `client_DH_inner_data` and checks its hash, which does not cover the 0–15 bytes of padding. */
function openClientData(encrypted: Uint8Array, keys: AesKeys): mt.client_DH_inner_data | undefined {
  if (encrypted.length % 16 !== 0 || encrypted.length < 64 || encrypted.length > 512) return undefined;
  const withHash = igeDecrypt(encrypted, keys.key, keys.iv);
  const data = withHash.subarray(20);
  try {
    const reader = new TlReader(data, { table: SERVICE_READERS });
    const value = reader.boxed<mt.AnyService>();
    const isWhole = data.length - reader.pos < 16 && equalBytes(sha1(data.subarray(0, reader.pos)), withHash.subarray(0, 20));
    return isWhole && value._ === 'client_DH_inner_data' ? value : undefined;
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}
