interface Owner<W> {
  worker: W;
  /** The worker itself reported that it serves the key, which therefore exists. */
  isClaimed: boolean;
  /** Number of connections passed to it only because a client named this key. */
  connections: number;
}

/**
 * Which worker serves each key. When a worker ends, its keys become free. A key that clients have named but no worker has confirmed is
 * forgotten when its last connection closes, so that nobody can fill the memory with invented keys.
 * @typeParam W the workers
 */
export class KeyOwners<W> {
  readonly #owners = new Map<bigint, Owner<W>>();

  get size(): number {
    return this.#owners.size;
  }

  find(authKeyId: bigint): W | undefined {
    return this.#owners.get(authKeyId)?.worker;
  }

  /** Records that a connection for the key was passed to this worker. */
  led(authKeyId: bigint, worker: W): void {
    const owner = this.#owners.get(authKeyId) ?? { worker, isClaimed: false, connections: 0 };
    this.#owners.set(authKeyId, owner);
    owner.connections += 1;
  }

  /** Records the end of such a connection. */
  left(authKeyId: bigint): void {
    const owner = this.#owners.get(authKeyId);
    if (!owner) return;
    owner.connections -= 1;
    if (!owner.isClaimed && owner.connections <= 0) this.#owners.delete(authKeyId);
  }

  /** Records that a worker serves the key. @returns false if another one already does */
  claim(authKeyId: bigint, worker: W): boolean {
    const owner = this.#owners.get(authKeyId) ?? { worker, isClaimed: true, connections: 0 };
    if (owner.worker !== worker) return false;
    owner.isClaimed = true;
    this.#owners.set(authKeyId, owner);
    return true;
  }

  /** Records that a worker no longer serves the key. */
  release(authKeyId: bigint, worker: W): void {
    const owner = this.#owners.get(authKeyId);
    if (owner?.worker !== worker) return;
    owner.isClaimed = false;
    if (owner.connections <= 0) this.#owners.delete(authKeyId);
  }

  /** Frees the keys of a worker that has ended. */
  releaseAll(worker: W): void {
    for (const [authKeyId, owner] of this.#owners) if (owner.worker === worker) this.#owners.delete(authKeyId);
  }
}
