/** A request of a bot, as far as it has been read. */
export interface WatchedCall {
  readonly botId: bigint;
  /** Name of the method in its usual spelling. */
  readonly method: string;
  /** The parameters as they came: texts, or values of a JSON body. Files are left out. */
  readonly params: ReadonlyMap<string, unknown>;
  /** Files that came with the request, by the names of their fields. */
  readonly files: ReadonlyMap<string, { readonly name: string; readonly size: number }>;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** An update that is sent to a webhook. */
export interface WatchedPost {
  readonly botId: bigint;
  /** The update as JSON. */
  readonly json: string;
}

/** Sees and alters what bots call and what webhooks get. For servers whose bots are being tested. */
export interface BotCallWatch {
  /**
   * Stands around each call of a bot.
   * @param run runs the method; rejects with a BotError, or with what nobody foresaw
   * @param cut closes the connection of the request without an answer
   * @returns the result for the bot
   */
  around(call: WatchedCall, run: () => Promise<unknown>, cut: () => void): Promise<unknown>;
  /** Stands around each update that a webhook gets. @param send sends it once; may be called several times, and each answer counts. Rejects if there is no answer */
  aroundPost<T>(post: WatchedPost, send: () => Promise<T>): Promise<T>;
}
