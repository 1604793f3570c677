/** A place in the order of one session's sends to one peer. */
export interface OrderSlot {
  /** Settles when every earlier send of this session to this peer has given its place up. */
  turn(): Promise<void>;
  /** Gives the place up; must be called whatever happened, and changes nothing when called again. */
  leave(): void;
}

interface Waiting {
  msgId: bigint;
  running: boolean;
  resolve: (() => void) | undefined;
}

/**
 * Rule P23: sends of one session to one peer run in the order of their msg_id, one after the other: each until it
 * is done, or until what it sends stands in a line that keeps the order.
 * A place is taken when the call arrives; whose turn it is, is asked later, after the rest of the same
 * container has taken its places too.
 */
export class PeerOrder {
  /** Absent while nothing is being sent. */
  #queues: Map<string, Waiting[]> | undefined;

  /** @param peer any text that is equal for equal peers */
  enter(peer: string, msgId: bigint): OrderSlot {
    const queues = (this.#queues ??= new Map<string, Waiting[]>());
    const queue = queues.get(peer) ?? [];
    queues.set(peer, queue);
    const entry: Waiting = { msgId, running: false, resolve: undefined };
    // The head may already run: nothing goes before it.
    let at = queue.length;
    while (at > 0 && queue[at - 1]!.msgId > msgId && !queue[at - 1]!.running) at--;
    queue.splice(at, 0, entry);

    return {
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
