import { findPythonWith } from './driver-process.ts';
import { LineProcess } from './line-process.ts';

/** A library for bots over HTTP. */
export type BotLibrary = 'grammy' | 'telegraf' | 'ptb';

/** Missing packages of a library. */
export const MISSING_OF_BOTS: Partial<Record<BotLibrary, string>> = findPythonWith('telegram.ext') === undefined ? { ptb: 'python3-python-telegram-bot' } : {};
/** The installed libraries. */
export const BOT_LIBRARIES = (['grammy', 'telegraf', 'ptb'] as const).filter((library) => MISSING_OF_BOTS[library] === undefined);

const COMMANDS: Record<BotLibrary, () => [string, string]> = {
  grammy: () => [process.execPath, 'grammy-bots.mjs'],
  telegraf: () => [process.execPath, 'telegraf-bots.mjs'],
  ptb: () => [findPythonWith('telegram.ext') ?? 'python3', 'ptb_bots.py'],
};

/** What the program of a bot reports. */
export type BotEvent =
  /** A call was answered; the result as it came. */
  | { kind: 'result'; method: string; result: unknown }
  | { kind: 'refusal'; method: string; code: number; text: string }
  /** The webhook got an update. */
  | { kind: 'update'; update: object }
  /** A poll of the bot has changed, as the library reads it. */
  | { kind: 'poll'; isClosed: boolean; votes: number[] }
  /** Another program polls. */
  | { kind: 'pollingEnded'; code: number; text: string }
  /** A handler of the bot has thrown. */
  | { kind: 'broken'; text: string };

const EVENT_WAIT_MS = 20_000;

/**
 * The program of a bot, written with a library. It greets whoever starts it, offers `/tea` with buttons, answers presses and inline queries, sends an `/album`,
 * answers a document with its hash, and `say x` with `said x`, after it was seen typing. It makes a `/poll`, notes the votes, and `/close`s it. In groups it says which
 * reactions it has seen, except with python-telegram-bot, which does not know them.
 */
export class BotProgram {
  readonly library: BotLibrary;
  readonly events: BotEvent[] = [];
  readonly #process: LineProcess<BotEvent>;
  readonly #name: string;
  readonly #waiters = new Set<() => void>();

  constructor(process: BotProcess, name: string) {
    this.library = process.library as BotLibrary;
    this.#process = process;
    this.#name = name;
    process.listen(name, this);
  }

  /** @param params.root address of the server, as `http://host:port`; `photos` of the album, in base64 */
  open(params: { root: string; token: string; photos: string[]; sticker: string }): Promise<{ id: number; username: string }> {
    return this.#call('open', params);
  }
  /** Methods that the library has, as the reference names them; for python-telegram-bot only. */
  methods(): Promise<string[]> {
    return this.#call('methods');
  }
  /** Calls a method by its name, with the library's own code for it. @throws DriverError */
  raw(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    return this.#call('raw', { method, params });
  }
  send(params: { chat: number; text: string }): Promise<{ id: number }> {
    return this.#call('send', params);
  }
  /** Sends a text, again after the time that the server says if it comes too early. */
  sendPatiently(params: { chat: number; text: string }): Promise<{ id: number }> {
    return this.#call('sendPatiently', params);
  }
  /** Sends a text to a group, or to the supergroup that has become of it. @returns where it went */
  sendFollowing(params: { chat: number; text: string }): Promise<{ chat: number }> {
    return this.#call('sendFollowing', params);
  }
  startPolling(): Promise<void> {
    return this.#call('startPolling');
  }
  stopPolling(): Promise<void> {
    return this.#call('stopPolling');
  }
  /** Starts the library's own server on a port of this machine and sets the webhook. */
  startWebhook(params: { port: number; secret: string }): Promise<void> {
    return this.#call('startWebhook', params);
  }
  /** Stops the server; the webhook stays set. */
  stopWebhook(): Promise<void> {
    return this.#call('stopWebhook');
  }

  /** Waits for an event, including past ones. @throws Error after 20 s */
  async sees<Kind extends BotEvent['kind']>(kind: Kind, fits: (event: Extract<BotEvent, { kind: Kind }>) => boolean = () => true): Promise<Extract<BotEvent, { kind: Kind }>> {
    const find = (): Extract<BotEvent, { kind: Kind }> | undefined => this.events.find((event): event is Extract<BotEvent, { kind: Kind }> => event.kind === kind && fits(event as Extract<BotEvent, { kind: Kind }>));
    if (!find()) {
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!find()) return;
          clearTimeout(timer);
          this.#waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          this.#waiters.delete(check);
          reject(new Error(`${this.library} waited in vain for ${kind}; saw ${JSON.stringify(this.events.slice(-12))}${this.#process.complaints}`));
        }, EVENT_WAIT_MS);
        this.#waiters.add(check);
      });
    }
    return find()!;
  }

  /** Called by the process when the program reports something. */
  take(event: BotEvent): void {
    this.events.push(event);
    for (const check of this.#waiters) check();
  }

  #call<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    return this.#process.request(this.#name, method, params) as Promise<T>;
  }
}

/** A process that runs programs of bots, all with one library. */
export class BotProcess extends LineProcess<BotEvent> {
  constructor(library: BotLibrary) {
    super(library, COMMANDS[library]());
  }

  program(name: string): BotProgram {
    return new BotProgram(this, name);
  }
}
