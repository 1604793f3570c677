import { type Bot } from '@aerogram/testing';

interface Update {
  update_id: number;
  message?: { chat: { id: number }; text?: string };
  callback_query?: { id: string; data: string; message: { chat: { id: number }; message_id: number } };
}

/** A bot without a library: it asks a question, and takes the answer from a button. */
export class FetchBot implements AsyncDisposable {
  readonly #account: Bot;
  readonly #ending = new AbortController();
  readonly #polling: Promise<void>;

  constructor(account: Bot) {
    this.#account = account;
    this.#polling = this.#poll();
  }

  async #poll(): Promise<void> {
    for (let offset = 0; !this.#ending.signal.aborted; ) {
      const updates = await this.#call<Update[]>('getUpdates', { offset, timeout: 30 }).catch((error: unknown) => {
        if (this.#ending.signal.aborted) return [];
        throw error;
      });
      for (const update of updates) {
        offset = update.update_id + 1;
        await this.#answer(update);
      }
    }
  }

  async #answer({ message, callback_query: press }: Update): Promise<void> {
    if (message?.text === '/start') {
      const keyboard = [[{ text: 'Tea', callback_data: 'tea' }, { text: 'Coffee', callback_data: 'coffee' }]];
      await this.#call('sendMessage', { chat_id: message.chat.id, text: 'What would you like?', reply_markup: { inline_keyboard: keyboard } });
    }
    if (press === undefined) return;
    const { chat, message_id } = press.message;
    await this.#call('editMessageText', { chat_id: chat.id, message_id, text: `One ${press.data}, please` });
    await this.#call('answerCallbackQuery', { callback_query_id: press.id, text: 'Coming' });
  }

  async #call<T>(method: string, params: object): Promise<T> {
    const { apiRoot, token } = this.#account;
    const response = await fetch(`${apiRoot}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      signal: this.#ending.signal,
    });
    const { ok, result, description } = (await response.json()) as { ok: boolean; result: T; description?: string };
    if (!ok) throw new Error(description);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#polling;
  }
}
