/**
 * The nodes that serve from one database, as one of them sees them: who counts or keeps something for all. While the members change, two nodes may see different owners
 * for about a second.
 */
export interface Owners {
  /** Number of nodes that serve; at least 1. */
  readonly count: number;
  /**
   * Returns the node that owns a key.
   * @param key with the prefix of its kind, such as `quota:…`
   * @returns its name; undefined if it is this node
   */
  find(key: string): string | undefined;
  /**
   * Asks a node.
   * @param options.timeoutMs from now on
   * @returns the answer; undefined if there is none: the node cannot be reached, does not answer in time, or failed. It may have done what was asked
   */
  ask(node: string, question: { kind: string; body: Uint8Array }, options: { timeoutMs: number }): Promise<Uint8Array | undefined>;
  /** Tells a node something, if there is a link to it. */
  tell(node: string, note: { kind: string; body: Uint8Array }): void;
  /** Answers what other nodes ask, also when this node does not own what they ask for. What `handler` throws counts as no answer. */
  onAsk(kind: string, handler: (body: Uint8Array) => Uint8Array | Promise<Uint8Array>): void;
  /** Takes what other nodes tell. */
  onTell(kind: string, handler: (body: Uint8Array) => void): void;
}
