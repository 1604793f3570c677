import { equalBytes } from '@aerogram/crypto';
import { type mt, mtEncode, SERVICE_READERS, TlError, TlReader } from '@aerogram/tl';
import { type HandshakeDeps, type HandshakeRefusal, type HandshakeStep, ServerHandshake } from './server-handshake.ts';

/** Bounds of a table of runs. */
export interface HandshakeRunsOptions {
  /** Runs kept at once; a new one beyond that ends the oldest. 4 suit one connection, over HTTP all share one table. */
  limit?: number;
  /** How long a run may take, 10 minutes by default. */
  lifetimeMs?: number;
}

/** Answers of the documents are kept for up to 10 minutes after `req_pq`. */
const DEFAULT_LIFETIME_MS = 600_000;

/**
 * The runs of the key exchange on one connection, told apart by their nonces. A run begins with `req_DH_params`: `req_pq`
 * costs no more than its answer (`Greetings`). Nothing but `receive` makes it do anything: runs that are too old are
 * dropped when the next request comes. One that ended by a refusal is kept until then, so that its nonces are not used again.
 */
export class HandshakeRuns {
  readonly #deps: HandshakeDeps;
  readonly #limit: number;
  readonly #lifetimeMs: number;
  /** By the client's nonce in hex; oldest first. */
  readonly #runs = new Map<string, ServerHandshake>();

  constructor(deps: HandshakeDeps, { limit = 4, lifetimeMs = DEFAULT_LIFETIME_MS }: HandshakeRunsOptions = {}) {
    this.#deps = deps;
    this.#limit = limit;
    this.#lifetimeMs = lifetimeMs;
  }

  /** How many runs are kept. */
  get size(): number {
    return this.#runs.size;
  }

  /**
   * Takes the body of an unencrypted message. Bytes behind the request are left alone: TDLib, and what is built on it,
   * hides the lengths of its requests by random padding there.
   * @returns what to do; never rejects.
   */
  async receive(body: Uint8Array): Promise<HandshakeStep> {
    this.#dropExpired();
    let request: mt.AnyService;
    const reader = new TlReader(body, { table: SERVICE_READERS });
    try {
      request = reader.boxed();
    } catch (error) {
      if (error instanceof TlError) return refuse('malformed');
      return { type: 'failed', error };
    }
    switch (request._) {
      case 'req_pq':
      case 'req_pq_multi':
        return this.#greet(request.nonce);
      case 'req_DH_params':
      case 'set_client_DH_params':
        return this.#continue(request, body.subarray(0, reader.pos));
      case 'msgs_ack':
        // Some clients acknowledge the server's plain messages; there is nothing to do about it.
        return { type: 'ignored' };
      default:
        return refuse('malformed');
    }
  }

  #greet(nonce: Uint8Array): HandshakeStep {
    const { fingerprints, greetings } = this.#deps;
    const { serverNonce, challenge } = greetings.make(nonce);
    const server_public_key_fingerprints = [...fingerprints];
    return { type: 'answer', body: mtEncode({ _: 'resPQ', nonce, server_nonce: serverNonce, pq: challenge.pq, server_public_key_fingerprints }) };
  }

  async #continue(request: mt.req_DH_params | mt.set_client_DH_params, body: Uint8Array): Promise<HandshakeStep> {
    const known = this.#runs.get(hex(request.nonce));
    const run = known ?? (request._ === 'req_DH_params' ? this.#begin(request) : undefined);
    if (run === undefined || run.isOver || !equalBytes(run.serverNonce, request.server_nonce)) return refuse('unknown-run');
    return run.receive(request, body);
  }

  /** Begins a run for a client that was greeted. */
  #begin({ nonce, server_nonce }: mt.req_DH_params): ServerHandshake | undefined {
    const greeting = this.#deps.greetings.find(nonce, server_nonce);
    if (!greeting) return undefined;
    const oldest = this.#runs.keys().next();
    if (this.#runs.size >= this.#limit && oldest.done !== true) this.#runs.delete(oldest.value);
    const run = new ServerHandshake(this.#deps, nonce, greeting, this.#lifetimeMs);
    this.#runs.set(hex(nonce), run);
    return run;
  }

  #dropExpired(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [id, run] of this.#runs) {
      if (run.deadlineMs > nowMs) return;
      this.#runs.delete(id);
    }
  }
}

const refuse = (reason: HandshakeRefusal): HandshakeStep => ({ type: 'refused', code: -404, reason });

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
