/** How many requests may be under way to other nodes. */
export interface UnderWayLimits {
  /** To one node. */
  ofNode: number;
  /** Of one shard, such as a bot. */
  ofShard: number;
  /** Of one network of clients. */
  ofNetwork: number;
}

/** Counts the requests that other nodes answer for this one, so that a single bot, or a single client, leaves room for the others. */
export class RequestsUnderWay {
  readonly #limits: UnderWayLimits;
  readonly #counts = new Map<string, number>();

  constructor(limits: UnderWayLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a request.
   * @param network of its client; undefined for this machine, which may have as many as it likes
   * @returns a function to call once when it has ended; undefined if there are too many
   */
  enter({ node, shard, network }: { node: string; shard: string; network: string | undefined }): (() => void) | undefined {
    const { ofNode, ofShard, ofNetwork } = this.#limits;
    const counted: [string, number][] = [[`node ${node}`, ofNode], [`shard ${shard}`, ofShard]];
    if (network !== undefined) counted.push([`network ${network}`, ofNetwork]);
    if (counted.some(([key, most]) => (this.#counts.get(key) ?? 0) >= most)) return undefined;
    for (const [key] of counted) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return () => {
      for (const [key] of counted) {
        const left = this.#counts.get(key)! - 1;
        if (left > 0) this.#counts.set(key, left);
        else this.#counts.delete(key);
      }
    };
  }
}
