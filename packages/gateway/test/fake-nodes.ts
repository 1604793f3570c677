import type { KeyPlace, OtherNodes, RelayChannel, RelayEvents } from '../src/relay/other-nodes.ts';

/** One end of a channel in memory; messages come in later turns. */
class FakeChannel implements RelayChannel {
  readonly node: string;
  readonly unsentBytes = 0;
  other!: FakeChannel;
  events: RelayEvents | undefined;
  #isOver = false;

  constructor(node: string) {
    this.node = node;
  }

  send(message: Uint8Array): void {
    if (this.#isOver) return;
    setImmediate(() => !this.other.#isOver && this.other.events?.message(message));
  }

  consumed(): void {}

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.end('self');
    setImmediate(() => this.other.end('other'));
  }

  end(by: 'self' | 'other' | 'link'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.events?.closed(by);
  }
}

/** The nodes as one of them sees them; a test says who owns what, and when each of them learns of it. */
export class FakeNodes implements OtherNodes {
  readonly name: string;
  generation = 1;
  /** The owner of all nonces, and of the keys that have no other one. */
  owner: string;
  readonly ownersOfKeys = new Map<bigint, string>();
  isSettled = true;
  mayWrite = true;
  /** Generations that others told of. */
  readonly heard: number[] = [];
  readonly #all: Map<string, FakeNodes>;
  readonly #channels = new Set<FakeChannel>();
  #accept: ((channel: RelayChannel, hello: Uint8Array) => RelayEvents | undefined) | undefined;
  #waiting: (() => void)[] = [];

  constructor(name: string, owner: string, all: Map<string, FakeNodes>) {
    this.name = name;
    this.owner = owner;
    this.#all = all;
    all.set(name, this);
  }

  placeOf(authKeyId: bigint): KeyPlace {
    return this.#placeAt(this.ownersOfKeys.get(authKeyId) ?? this.owner);
  }

  #placeAt(owner: string): KeyPlace {
    if (owner !== this.name) return { node: owner };
    return this.isSettled && this.mayWrite ? 'here' : 'later';
  }

  placeOfNonce(): KeyPlace {
    return this.#placeAt(this.owner);
  }

  owns(): boolean {
    return this.owner === this.name && this.isSettled;
  }

  mayAnswer(): boolean {
    return this.mayWrite;
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  heardOf(generation: number): void {
    this.heard.push(generation);
  }

  /** Reads a generation. */
  read(change: Partial<Pick<FakeNodes, 'generation' | 'owner' | 'isSettled' | 'mayWrite'>>): void {
    Object.assign(this, change);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  open(node: string, hello: Uint8Array, listen: (channel: RelayChannel) => RelayEvents): RelayChannel | undefined {
    const target = this.#all.get(node);
    if (target === undefined || !target.#accept) return undefined;
    const [near, far] = [new FakeChannel(node), new FakeChannel(this.name)];
    near.other = far;
    far.other = near;
    near.events = listen(near);
    this.#channels.add(near);
    target.#channels.add(far);
    far.events = target.#accept(far, hello);
    if (!far.events) far.destroy();
    return near;
  }

  onChannel(accept: (channel: RelayChannel, hello: Uint8Array) => RelayEvents | undefined): void {
    this.#accept = accept;
  }

  /** Breaks all links of this node. */
  breakLinks(): void {
    for (const channel of this.#channels) {
      channel.end('link');
      channel.other.end('link');
    }
  }
}
