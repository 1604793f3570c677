import { ownerOf } from '@aerogram/cluster';
import type { Membership } from '@aerogram/storage';

/** Which node answers all requests of a shard, such as those of a bot. It changes with the members. */
export class NodeShards {
  readonly #lease: Pick<Membership, 'self' | 'members' | 'onChange'>;
  #names: readonly string[] = [];
  #of: Membership['members'] | undefined;

  constructor(lease: Pick<Membership, 'self' | 'members' | 'onChange'>) {
    this.#lease = lease;
  }

  /** The name of another node that answers for a shard; undefined if this one does, or there is no member yet. */
  otherOwner(shard: string): string | undefined {
    const { members, self } = this.#lease;
    if (members !== this.#of) {
      this.#of = members;
      this.#names = members.map(({ name }) => name);
    }
    if (this.#names.length === 0) return undefined;
    const owner = ownerOf(shard, this.#names);
    return owner === self ? undefined : owner;
  }

  /** Calls `fn` when shards may have other owners. */
  onChange(fn: () => void): Disposable {
    let before = this.#lease.members;
    return this.#lease.onChange(() => {
      if (this.#lease.members === before) return;
      before = this.#lease.members;
      fn();
    });
  }
}
