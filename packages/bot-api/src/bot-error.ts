/** The error of a call of the Bot API: the code, which is also the HTTP status, and the text that libraries match on. */
export class BotError extends Error {
  override readonly name = 'BotError';
  readonly code: number;
  /** What clients may act on, such as how long to wait. */
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;

  /** @param description the whole text, with its beginning such as `Bad Request: ` */
  constructor(code: number, description: string, parameters?: BotError['parameters']) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** A capital at the beginning of a sentence, and not of a name such as MESSAGE_TOO_LONG. */
const FIRST_CAPITAL = /^[A-Z](?![A-Z_])/;

/** How the text of each error 400 begins. */
export const BAD_REQUEST = 'Bad Request: ';

/** A request that is wrong: 400 with `Bad Request: ` before the text, whose first letter becomes a small one, as with the official server. */
export function badRequest(text: string): BotError {
  return new BotError(400, `${BAD_REQUEST}${text.replace(FIRST_CAPITAL, (letter) => letter.toLowerCase())}`);
}

/**
 * The error of a part of a request, whose text also says which part could not be read. Errors that are not of the Bot API stay as they are.
 * @param context stands before the text of the error
 */
export function explain(error: unknown, context: string): unknown {
  return error instanceof BotError ? badRequest(context + error.message.slice(BAD_REQUEST.length)) : error;
}

/** The error that tells a client to wait. @param seconds at least 1 */
export function tooManyRequests(seconds: number): BotError {
  return new BotError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}

/** A bot that has logged out, and cannot come back yet. */
export const loggedOutError = (): BotError => new BotError(400, 'Logged out');
