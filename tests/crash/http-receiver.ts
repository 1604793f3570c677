import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BotHttp } from '@aerogram/dev-env';
import { Disconnected, type RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { peerOf } from './crash-bot.ts';

/** How long the server may take to tell a bot of a message, in milliseconds. */
const TOLD_MS = 30_000;
const POLL_MS = 5;

/** Who talks with whom. */
interface Talk {
  token: string;
  bot: tl.inputUser;
  person: RawAccount;
}

interface Update {
  update_id: number;
  message?: { text?: string };
}

/** A message of a person to the bot. */
interface Said {
  text: string;
  randomId: bigint;
  isSent: boolean;
}

/** A program of a bot that gets its updates over HTTP, and a person who writes to it without end. */
abstract class HttpReceiver {
  protected readonly broken: string[] = [];
  readonly #talk: Talk;
  readonly #server: { info: ServerInfo };
  readonly #said: Said[] = [];
  /** The updates that came, by their ids, as JSON. */
  readonly #told = new Map<number, string>();
  readonly #texts = new Set<string | undefined>();

  constructor(server: { info: ServerInfo }, talk: Talk) {
    this.#server = server;
    this.#talk = talk;
  }

  /** Number of updates that came. */
  get count(): number {
    return this.#told.size;
  }

  async write(random: Random): Promise<void> {
    const one: Said = { text: `over HTTP ${this.#said.length}`, randomId: random.int63(), isSent: false };
    this.#said.push(one);
    await this.#send(one);
  }

  /** Sends again what was not acknowledged. */
  async repeatOpen(): Promise<void> {
    for (const one of this.#said) if (!one.isSent) await this.#send(one);
  }

  /** Waits until everything that was acknowledged has come. @returns broken promises */
  async check(): Promise<string[]> {
    const isMissing = ({ text, isSent }: Said): boolean => isSent && !this.#texts.has(text);
    for (const deadline = performance.now() + TOLD_MS; (await this.fetch()) || this.#said.some(isMissing); ) {
      if (performance.now() > deadline) return [...this.broken, ...this.#said.filter(isMissing).map(({ text }) => `the bot was not told "${text}" over HTTP`)];
    }
    return this.broken;
  }

  /** Waits a moment for updates. @returns whether some were fetched, so that there may be more */
  protected abstract fetch(): Promise<boolean>;

  /** Calls as the bot. The port of the server is another one after a restart. */
  protected get http(): BotHttp {
    return new BotHttp(this.#server, this.#talk.token);
  }

  /** @returns whether the update is new */
  protected take(update: Update): boolean {
    const { update_id: id, message } = update;
    const json = JSON.stringify(update);
    const known = this.#told.get(id);
    if (known !== undefined && known !== json) this.broken.push(`the update ${id} was ${known} and is now ${json}`);
    this.#told.set(id, json);
    this.#texts.add(message?.text);
    return known === undefined;
  }

  async #send(one: Said): Promise<void> {
    await this.#talk.person.sendTo(peerOf(this.#talk.bot), one.text, one.randomId);
    one.isSent = true;
  }
}

/** A program that asks for updates without end. */
export class HttpPoller extends HttpReceiver {
  #offset = 0;

  /** Fetches once, and confirms what came before. */
  async poll(timeout = 5): Promise<number> {
    const answer = await this.http.ask('getUpdates', { offset: this.#offset, timeout }).catch(() => undefined);
    if (answer === undefined || (answer.error_code ?? 0) >= 500) throw new Disconnected();
    if (!answer.ok) throw new Error(`getUpdates: ${answer.error_code} ${answer.description}`);
    const updates = answer.result as Update[];
    for (const update of updates) {
      const { update_id: id } = update;
      if (this.take(update) && id < this.#offset) this.broken.push(`the update ${id} comes after ${this.#offset - 1}: ${JSON.stringify(update)}`);
      this.#offset = Math.max(this.#offset, id + 1);
    }
    return updates.length;
  }

  protected async fetch(): Promise<boolean> {
    return (await this.poll(1)) > 0;
  }
}

/** A program that is a webhook. */
export class HttpHook extends HttpReceiver implements AsyncDisposable {
  readonly #hook: Server;

  private constructor(server: { info: ServerInfo }, talk: Talk) {
    super(server, talk);
    this.#hook = createServer((request, response) => void this.#answer(request, response));
  }

  /** Begins to listen, and sets the webhook. */
  static async open(server: { info: ServerInfo }, talk: Talk): Promise<HttpHook> {
    const opened = new HttpHook(server, talk);
    opened.#hook.listen(0, '127.0.0.1');
    await once(opened.#hook, 'listening');
    await opened.http.call('setWebhook', { url: `http://127.0.0.1:${(opened.#hook.address() as AddressInfo).port}/` });
    return opened;
  }

  protected async fetch(): Promise<boolean> {
    await delay(POLL_MS);
    return false;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      this.take(JSON.parse(Buffer.concat(pieces).toString()) as Update);
      response.end();
    } catch {
      // The server was killed while it sent.
      response.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hook.closeAllConnections();
    this.#hook.close();
    if (this.#hook.listening) await once(this.#hook, 'close');
  }
}
