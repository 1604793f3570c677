/** A place in the order of one session's sends to one peer. */
export interface OrderSlot {
  /** Whether no earlier send has to end its turn first. */
  isNext(): boolean;
  /** Resolves when every earlier send of this session to this peer has ended its turn. */
  turn(): Promise<void>;
  /** Ends the turn, so that the next send may run. It must always be called, even if the send failed; further calls do nothing. */
  leave(): void;
}

interface Waiting {
  msgId: bigint;
  running: boolean;
  resolve: (() => void) | undefined;
}

/**
 * Rule P23: sends of one session to one peer run one after the other in the order of their msg_id. The next one starts when a send is done,
 * or when it is in a queue that keeps the order. A call enters when it arrives, and waits for its turn only after the other calls of the
 * same container have entered too.
 */
export class PeerOrder {
  /** Undefined while nothing is being sent. */
  #queues: Map<string, Waiting[]> | undefined;

  /** @param peer a string that is equal for equal peers */
  enter(peer: string, msgId: bigint): OrderSlot {
    const queues = (this.#queues ??= new Map<string, Waiting[]>());
    const queue = queues.get(peer) ?? [];
    queues.set(peer, queue);
    const entry: Waiting = { msgId, running: false, resolve: undefined };
    // The first send may already be running; nothing goes before it.
    let at = queue.length;
    while (at > 0 && queue[at - 1]!.msgId > msgId && !queue[at - 1]!.running) at--;
    queue.splice(at, 0, entry);

    return {
      isNext: () => queue[0] === entry,
      turn: () => {
        if (queue[0] === entry) {
          entry.running = true;
          return Promise.resolve();
        }
        return new Promise((resolve) => {
          entry.resolve = () => {
            entry.running = true;
            resolve();
          };
        });
      },
      leave: () => {
        const index = queue.indexOf(entry);
        if (index < 0) return;
        queue.splice(index, 1);
        if (queue.length === 0) this.#forget(peer);
        else if (index === 0) queue[0]!.resolve?.();
      },
    };
  }
  #forget(peer: string): void {
    this.#queues?.delete(peer);
    if (this.#queues?.size === 0) this.#queues = undefined;
  }
}
