interface Owner<W> {
  worker: W;
  /** The worker has said so itself: it found the key. */
  isClaimed: boolean;
  /** Connections that were led there on the mere word of a client. */
  connections: number;
}

/**
 * Which worker serves each key. A worker that ends leaves its keys; one that a client has only named is forgotten with its last
 * connection, so that nobody fills this with names. @typeParam W the workers
 */
export class KeyOwners<W> {
  readonly #owners = new Map<bigint, Owner<W>>();

  get size(): number {
    return this.#owners.size;
  }

  find(authKeyId: bigint): W | undefined {
    return this.#owners.get(authKeyId)?.worker;
  }

  /** A connection for the key goes to this worker. */
  led(authKeyId: bigint, worker: W): void {
    const owner = this.#owners.get(authKeyId) ?? { worker, isClaimed: false, connections: 0 };
    this.#owners.set(authKeyId, owner);
    owner.connections += 1;
  }

  /** Such a connection is over. */
  left(authKeyId: bigint): void {
    const owner = this.#owners.get(authKeyId);
    if (!owner) return;
    owner.connections -= 1;
    if (!owner.isClaimed && owner.connections <= 0) this.#owners.delete(authKeyId);
  }

  /** A worker serves the key. @returns false when another one does already */
  claim(authKeyId: bigint, worker: W): boolean {
    const owner = this.#owners.get(authKeyId) ?? { worker, isClaimed: true, connections: 0 };
    if (owner.worker !== worker) return false;
    owner.isClaimed = true;
    this.#owners.set(authKeyId, owner);
    return true;
  }

  /** A worker knows nothing of the key any more. */
  release(authKeyId: bigint, worker: W): void {
    const owner = this.#owners.get(authKeyId);
    if (owner?.worker !== worker) return;
    owner.isClaimed = false;
    if (owner.connections <= 0) this.#owners.delete(authKeyId);
  }

  /** A worker has ended. */
  releaseAll(worker: W): void {
    for (const [authKeyId, owner] of this.#owners) if (owner.worker === worker) this.#owners.delete(authKeyId);
  }
}
