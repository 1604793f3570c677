import { equalBytes } from '@aerogram/crypto';
import { type mt, mtEncode, SERVICE_READERS, TlError, TlReader } from '@aerogram/tl';
import { type HandshakeDeps, type HandshakeRefusal, type HandshakeStep, ServerHandshake } from './server-handshake.ts';

/** Limits of a table of handshakes. */
export interface HandshakeRunsOptions {
  /** Maximum number of handshakes kept; a further one ends the oldest. 4 suits one connection; over HTTP all clients share one table. */
  limit?: number;
  /** How long a handshake may take, in milliseconds; 10 minutes by default. */
  lifetimeMs?: number;
}

/** The documentation says that answers are kept for up to 10 minutes after `req_pq`. */
const DEFAULT_LIFETIME_MS = 600_000;

/**
 * The handshakes on one connection, identified by their nonces. A handshake is stored from `req_DH_params` on, because `req_pq` needs no
 * state (see `Greetings`). There is no timer: expired handshakes are dropped when the next request comes. A refused handshake is kept until
 * then, so that its nonces are not used again.
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

  /** Number of handshakes kept. */
  get size(): number {
    return this.#runs.size;
  }

  /**
   * Handles the body of an unencrypted message. Bytes after the request are ignored: TDLib and clients built on it hide the length of their
   * requests by random padding there.
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
        // Some clients acknowledge the server's unencrypted messages, which needs no action.
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

  /** Starts a handshake for a client that has received a greeting. */
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
