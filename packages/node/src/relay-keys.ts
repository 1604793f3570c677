import { KeyShares } from '@aerogram/cluster';
import type { KeyPlace, OtherNodes, RelayChannel, RelayEvents } from '@aerogram/gateway';
import type { LinkHub } from '@aerogram/link';
import type { Logger } from '@aerogram/runtime';
import type { Membership } from '@aerogram/storage';

/** What divides the keys needs of the node. */
export interface RelayDeps {
  lease: Pick<Membership, 'self' | 'generation' | 'members' | 'isSettled' | 'onChange' | 'listen' | 'mayAnswer' | 'acknowledge' | 'lookNow'>;
  hub: Pick<LinkHub, 'openChannel' | 'onChannel' | 'onUp' | 'onDown'>;
  log: Logger;
}

/** Divides the keys between the members of the cluster, and leads packets to them over the links. */
export class KeyRelay implements OtherNodes, Disposable {
  readonly #deps: RelayDeps;
  readonly #shares: KeyShares;
  readonly #changes: Disposable;
  /** Waits for the next change. */
  #next: { promise: Promise<void>; resolve: () => void } | undefined;
  #mayAnswer = true;
  /** The newest generation for which all keys of others are given up. */
  #givenUp = 0;
  #giving: Promise<void> | undefined;
  #giveUpKeys: (() => Promise<void>) | undefined;

  constructor(deps: RelayDeps) {
    this.#deps = deps;
    this.#shares = new KeyShares(deps.lease.self);
    this.#changes = deps.lease.onChange(() => this.#read());
    deps.lease.listen(() => {
      const before = this.#mayAnswer;
      this.#mayAnswer = this.mayAnswer();
      // Tried again if it failed.
      this.#give();
      // Whoever waits looks whether its client is still there.
      if (this.#mayAnswer || before) this.#changed();
    });
    deps.hub.onUp(() => this.#changed());
    this.#read();
  }

  get generation(): number {
    return this.#shares.generation;
  }

  placeOf(authKeyId: bigint): KeyPlace {
    return this.#placeOf(authKeyId);
  }

  placeOfNonce(nonce: string): KeyPlace {
    const place = this.#placeOf(`nonce:${nonce}`);
    // Nobody else has begun this handshake if its owner has changed.
    return place === 'later' && this.#shares.ownerOf(`nonce:${nonce}`) === this.#deps.lease.self && this.mayAnswer() ? 'here' : place;
  }

  owns(authKeyId: bigint): boolean {
    return this.#shares.isServed(authKeyId);
  }

  mayAnswer(): boolean {
    return this.#deps.lease.mayAnswer();
  }

  changed(): Promise<void> {
    if (this.#next) return this.#next.promise;
    let resolve: () => void = () => {};
    const promise = new Promise<void>((given) => (resolve = given));
    this.#next = { promise, resolve };
    return promise;
  }

  heardOf(generation: number): void {
    if (generation > this.#shares.generation) this.#deps.lease.lookNow();
  }

  open(node: string, hello: Uint8Array, listen: (channel: RelayChannel) => RelayEvents): RelayChannel | undefined {
    return this.#deps.hub.openChannel(node, hello, listen);
  }

  onChannel(accept: (channel: RelayChannel, hello: Uint8Array) => RelayEvents | undefined): void {
    this.#deps.hub.onChannel(accept);
  }

  /** Begins to give keys up in each generation. @param giveUpKeys see `Gateway.giveUpKeys` */
  start(giveUpKeys: () => Promise<void>): void {
    this.#giveUpKeys = giveUpKeys;
    this.#give();
  }

  /** Resolves when all keys of this node are served by others, or nobody else serves, or after the signal. */
  async handOver(signal: AbortSignal): Promise<void> {
    const { lease } = this.#deps;
    const isOver = (): boolean => lease.members.length === 0 || (lease.isSettled && lease.members.every(({ name }) => name !== lease.self));
    const stop = (): void => this.#changed();
    signal.addEventListener('abort', stop);
    while (!isOver() && !signal.aborted) await this.changed();
    signal.removeEventListener('abort', stop);
  }

  [Symbol.dispose](): void {
    this.#changes[Symbol.dispose]();
  }

  #placeOf(key: bigint | string): KeyPlace {
    const owner = this.#shares.ownerOf(key);
    if (owner === undefined) return 'later';
    if (owner !== this.#deps.lease.self) return { node: owner };
    return this.#shares.isFree(key) && this.mayAnswer() ? 'here' : 'later';
  }

  #read(): void {
    const { generation, members, isSettled } = this.#deps.lease;
    this.#shares.read({ generation, members: members.map(({ name }) => name), isSettled });
    this.#give();
    this.#changed();
  }

  #changed(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.resolve();
  }

  #give(): void {
    const { lease, log } = this.#deps;
    // Not the one of the lease: the last node that leaves has given up nothing.
    const { generation } = this.#shares;
    if (!this.#giveUpKeys || this.#giving || this.#givenUp >= generation) return;
    this.#giving = this.#giveUpKeys()
      .then(
        () => {
          this.#givenUp = generation;
          lease.acknowledge(generation);
          this.#giving = undefined;
          this.#give();
        },
        (error: unknown) => {
          log.error({ err: error }, 'keys of other nodes could not be given up');
          this.#giving = undefined;
        },
      );
  }
}
