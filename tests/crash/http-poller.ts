import { BotHttp } from '@aerogram/dev-env';
import { Disconnected, type RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { peerOf } from './crash-bot.ts';

/** How long the server may take to tell a bot of a message, in milliseconds. */
const TOLD_MS = 30_000;

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

/** A program of a bot that fetches its updates over HTTP, and a person who writes to it, both without end. */
export class HttpPoller {
  readonly #server: { info: ServerInfo };
  readonly #token: string;
  readonly #person: RawAccount;
  readonly #bot: tl.inputUser;
  readonly #said: Said[] = [];
  /** The updates that came, by their ids, as JSON. */
  readonly #told = new Map<number, string>();
  readonly #texts = new Set<string | undefined>();
  readonly #broken: string[] = [];
  #offset = 0;

  constructor(server: { info: ServerInfo }, { token, bot, person }: { token: string; bot: tl.inputUser; person: RawAccount }) {
    this.#server = server;
    this.#token = token;
    this.#person = person;
    this.#bot = bot;
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

  /** Fetches once, and confirms what came before. */
  async poll(timeout = 5): Promise<number> {
    // The port of the server is another one after a restart.
    const answer = await new BotHttp(this.#server, this.#token).ask('getUpdates', { offset: this.#offset, timeout }).catch(() => undefined);
    if (answer === undefined || (answer.error_code ?? 0) >= 500) throw new Disconnected();
    if (!answer.ok) throw new Error(`getUpdates: ${answer.error_code} ${answer.description}`);
    const updates = answer.result as Update[];
    for (const update of updates) this.#take(update);
    return updates.length;
  }

  /** Fetches until everything that was acknowledged has come. @returns broken promises */
  async check(): Promise<string[]> {
    const isMissing = ({ text, isSent }: Said): boolean => isSent && !this.#texts.has(text);
    for (const deadline = performance.now() + TOLD_MS; (await this.poll(1)) > 0 || this.#said.some(isMissing); ) {
      if (performance.now() > deadline) return [...this.#broken, ...this.#said.filter(isMissing).map(({ text }) => `the bot was not told "${text}" over HTTP`)];
    }
    return this.#broken;
  }

  async #send(one: Said): Promise<void> {
    await this.#person.sendTo(peerOf(this.#bot), one.text, one.randomId);
    one.isSent = true;
  }

  #take(update: Update): void {
    const { update_id: id, message } = update;
    const json = JSON.stringify(update);
    const known = this.#told.get(id);
    if (known !== undefined && known !== json) this.#broken.push(`the update ${id} was ${known} and is now ${json}`);
    if (known === undefined && id < this.#offset) this.#broken.push(`the update ${id} comes after ${this.#offset - 1}: ${json}`);
    this.#told.set(id, json);
    this.#texts.add(message?.text);
    this.#offset = Math.max(this.#offset, id + 1);
  }
}
