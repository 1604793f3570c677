/** What a bot calls the server with: `fetch`, or what stands in for it in a test. */
export type Fetch = (url: string, options: { method: 'POST'; headers: Record<string, string>; body: string; signal?: AbortSignal }) => Promise<{ json(): Promise<unknown> }>;

/** As much of an update as the bot reads. */
export interface Update {
  update_id: number;
  message?: { message_id: number; text?: string; chat: { id: number } };
  callback_query?: { id: string; data?: string; message?: { message_id: number; chat: { id: number } } };
}

/** How long the server may hold a request for updates, in seconds. */
const POLL_SECONDS = 25;

/** A bot without a library, as somebody would write it: it greets with a button, repeats what people write, and counts how often its button is pressed. */
export class TinyBot {
  readonly #root: string;
  readonly #fetch: Fetch;
  readonly #stopping = new AbortController();
  readonly #polling: Promise<void>;
  #presses = 0;

  /** Begins to ask for updates. */
  constructor({ apiRoot, token, fetch: send }: { apiRoot: string; token: string; fetch: Fetch }) {
    this.#root = `${apiRoot}/bot${token}`;
    this.#fetch = send;
    this.#polling = this.#poll();
  }

  /** Asks for no more updates; what it does for one that has come is done before. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    let offset = 0;
    while (!signal.aborted) {
      try {
        for (const update of await this.#call<Update[]>('getUpdates', { offset, timeout: POLL_SECONDS }, signal)) {
          offset = update.update_id + 1;
          await this.#handle(update);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #handle({ message, callback_query: query }: Update): Promise<void> {
    if (message !== undefined) {
      const isStart = message.text === '/start';
      const keyboard = { inline_keyboard: [[{ text: 'Press', callback_data: 'press' }]] };
      await this.#call('sendMessage', { chat_id: message.chat.id, text: isStart ? 'Hello!' : `You wrote: ${message.text}`, ...(isStart ? { reply_markup: keyboard } : {}) });
    }
    if (query?.message !== undefined) {
      await this.#call('editMessageText', { chat_id: query.message.chat.id, message_id: query.message.message_id, text: `Pressed ${++this.#presses} times` });
      await this.#call('answerCallbackQuery', { callback_query_id: query.id, text: 'Thank you' });
    }
  }

  async #call<T>(method: string, params: Record<string, unknown>, signal?: AbortSignal): Promise<T> {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params), ...(signal === undefined ? {} : { signal }) } as const;
    const answer = (await (await this.#fetch(`${this.#root}/${method}`, request)).json()) as { ok: boolean; result: T; description?: string };
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
    return answer.result;
  }
}
