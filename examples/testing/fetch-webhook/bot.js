// A help desk without a library: what people write goes to one person, whose replies go back to them. It gets its updates by a webhook.
// run: BOT_TOKEN=... OWNER_ID=... WEBHOOK=https://bot.example/hook PORT=8000 node bot.js   (API_ROOT names another server than Telegram's)
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const TRIES = 3;
/** Number of updates that are remembered, because a webhook may get one twice. */
const SEEN_MAX = 1000;

export class HelpDesk {
  #root;
  #owner;
  #secret = randomUUID();
  #server = createServer((request, response) => void this.#receive(request, response));
  /** Id of a forwarded message in the owner's chat → chat that it came from. */
  #origins = new Map();
  #seen = new Set();

  /** @param {{ token: string, ownerId: number, apiRoot?: string }} options */
  constructor({ token, ownerId, apiRoot = 'https://api.telegram.org' }) {
    this.#root = `${apiRoot}/bot${token}`;
    this.#owner = Number(ownerId);
  }

  /** Listens and sets the webhook. @param webhook URL from outside; by default this server's own */
  async start({ port = 0, webhook } = {}) {
    this.#server.listen(port);
    await once(this.#server, 'listening');
    const url = webhook ?? `http://localhost:${this.#server.address().port}/hook`;
    await this.#call('setWebhook', { url, secret_token: this.#secret, allowed_updates: ['message'] });
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#call('deleteWebhook');
  }

  /** Calls a method, again after a while if the server is busy or broken. @throws Error with the server's words and its `code` */
  async #call(method, params = {}) {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${this.#root}/${method}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) });
      const { ok, result, description, parameters } = await response.json();
      if (ok) return result;
      const isPassing = response.status === 429 || response.status >= 500;
      if (!isPassing || attempt === TRIES) throw Object.assign(new Error(`${method}: ${description}`), { code: response.status });
      await delay((parameters?.retry_after ?? 0.1) * 1000);
    }
  }

  async #receive(request, response) {
    if (request.headers['x-telegram-bot-api-secret-token'] !== this.#secret) return response.writeHead(403).end();
    try {
      const update = await json(request);
      if (this.#isNew(update) && update.message !== undefined) await this.#handle(update.message);
      return response.end();
    } catch (error) {
      console.error(error);
      return response.writeHead(500).end();
    }
  }

  #isNew({ update_id: id }) {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > SEEN_MAX) this.#seen.delete(this.#seen.values().next().value);
    return true;
  }

  async #handle(message) {
    const chat = message.chat.id;
    if (chat === this.#owner) return this.#answer(message);
    if (message.text === '/start') return this.#call('sendMessage', { chat_id: chat, text: 'What can we do for you?' });
    const { message_id: copy } = await this.#call('forwardMessage', { chat_id: this.#owner, from_chat_id: chat, message_id: message.message_id });
    this.#origins.set(copy, chat);
    return undefined;
  }

  /** Sends a reply of the owner to the one who asked. */
  async #answer(message) {
    const asked = this.#origins.get(message.reply_to_message?.message_id);
    const tell = (text) => this.#call('sendMessage', { chat_id: this.#owner, text });
    if (asked === undefined) return tell('Reply to a message, so that I know whom to answer.');
    try {
      return await this.#call('copyMessage', { chat_id: asked, from_chat_id: this.#owner, message_id: message.message_id });
    } catch (error) {
      if (error.code === 403) return tell('They have blocked me.');
      throw error;
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const { BOT_TOKEN: token, OWNER_ID: ownerId, API_ROOT: apiRoot, PORT: port, WEBHOOK: webhook } = process.env;
  await new HelpDesk({ token, ownerId, apiRoot }).start({ port, webhook });
}
