import { equalBytes } from '@aerogram/crypto';
import { type mt, SERVICE_READERS, TlError, TlReader } from '@aerogram/tl';
import { type HandshakeDeps, type HandshakeRefusal, type HandshakeStep, ServerHandshake } from './server-handshake.ts';

/** Bounds of a table of runs. */
export interface HandshakeRunsOptions {
  /** Runs under way at once; a new one beyond that ends the oldest. 4 suit one connection, over HTTP all share one table. */
  limit?: number;
  /** How long a run may take, 10 minutes by default. */
  lifetimeMs?: number;
}

/** Answers of the documents are kept for up to 10 minutes after `req_pq`. */
const DEFAULT_LIFETIME_MS = 600_000;

/**
 * The runs of the key exchange on one connection, told apart by their nonces. Nothing but `receive` makes it do anything:
 * runs that are over or too old are dropped when the next request comes.
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
        return this.#start(request.nonce);
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

  #start(nonce: Uint8Array): HandshakeStep {
    const id = hex(nonce);
    const known = this.#runs.get(id);
    // The same nonce again: the answer got lost. It is kept only until the client has gone on.
    if (known !== undefined) return this.#dropIfOver(id, known, known.greet());
    const oldest = this.#runs.keys().next();
    if (this.#runs.size >= this.#limit && oldest.done !== true) this.#runs.delete(oldest.value);
    const run = new ServerHandshake(this.#deps, nonce, this.#lifetimeMs);
    this.#runs.set(id, run);
    return run.greet();
  }

  async #continue(request: mt.req_DH_params | mt.set_client_DH_params, body: Uint8Array): Promise<HandshakeStep> {
    const id = hex(request.nonce);
    const run = this.#runs.get(id);
    if (run === undefined || !equalBytes(run.serverNonce, request.server_nonce)) return refuse('unknown-run');
    return this.#dropIfOver(id, run, await run.receive(request, body));
  }

  #dropIfOver(id: string, run: ServerHandshake, step: HandshakeStep): HandshakeStep {
    // Meanwhile another run may have begun with the same nonce.
    if (run.isOver && this.#runs.get(id) === run) this.#runs.delete(id);
    return step;
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
