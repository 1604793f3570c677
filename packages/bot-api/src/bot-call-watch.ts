/** A request of a bot, as far as it has been read. */
export interface WatchedCall {
  botId: bigint;
  /** Name of the method in its usual spelling. */
  method: string;
  /** The parameters as they came: texts, or values of a JSON body. Files are left out. */
  params: Readonly<Record<string, unknown>>;
}

/** Sees and alters what bots call and what webhooks get. For servers whose bots are being tested. */
export interface BotCallWatch {
  /**
   * Stands around each call of a bot.
   * @param run runs the method; rejects with a BotError or an RpcError
   * @param cut closes the connection of the request without an answer
   * @returns the result for the bot
   */
  around(call: WatchedCall, run: () => Promise<unknown>, cut: () => void): Promise<unknown>;
  /** Stands around each update that a webhook gets. @param post sends it once */
  aroundPost<T>(botId: bigint, post: () => Promise<T>): Promise<T>;
}
