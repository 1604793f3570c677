/** A place in the order of one session's sends to one peer. */
export interface OrderSlot {
  /** Begins the turn at once, if every earlier send of this session to this peer has ended its own. @returns whether it did; otherwise `turn` waits for it */
  takeTurn(): boolean;
  /** Resolves when every earlier send of this session to this peer has ended its turn. */
  turn(): Promise<void>;
  /** Ends the turn, so that the next send may run. It must always be called, even if the send failed; further calls do nothing. */
  leave(): void;
}

/**
 * Rule P23: sends of one session to one peer run one after the other in the order of their msg_id. The next one starts when a send is done,
 * or when it is in a queue that keeps the order. A call enters when it arrives, and waits for its turn only after the other calls of the
 * same container have entered too.
 */
export class PeerOrder {
  /** The sends to each peer, the one whose turn it is first. Undefined while nothing is being sent. */
  #queues: Map<string, Waiting[]> | undefined;

  /** @param peer a string that is equal for equal peers */
  enter(peer: string, msgId: bigint): OrderSlot {
    const queues = (this.#queues ??= new Map<string, Waiting[]>());
    let queue = queues.get(peer);
    if (queue === undefined) queues.set(peer, (queue = []));
    const entry = new Waiting(queue, msgId, () => this.#forget(peer));
    // The first send may already be running; nothing goes before it.
    let at = queue.length;
    while (at > 0 && queue[at - 1]!.msgId > msgId && !queue[at - 1]!.isRunning) at--;
    queue.splice(at, 0, entry);
    return entry;
  }

  #forget(peer: string): void {
    this.#queues?.delete(peer);
    if (this.#queues?.size === 0) this.#queues = undefined;
  }
}

class Waiting implements OrderSlot {
  readonly msgId: bigint;
  readonly #queue: Waiting[];
  readonly #onEmpty: () => void;
  isRunning = false;
  #resolve: (() => void) | undefined;

  constructor(queue: Waiting[], msgId: bigint, onEmpty: () => void) {
    this.#queue = queue;
    this.msgId = msgId;
    this.#onEmpty = onEmpty;
  }

  takeTurn(): boolean {
    if (this.#queue[0] !== this) return false;
    this.isRunning = true;
    return true;
  }

  turn(): Promise<void> {
    if (this.takeTurn()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  leave(): void {
    const index = this.#queue.indexOf(this);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    if (this.#queue.length === 0) this.#onEmpty();
    else if (index === 0) this.#queue[0]!.#begin();
  }

  #begin(): void {
    if (this.#resolve === undefined) return;
    this.isRunning = true;
    this.#resolve();
  }
}
