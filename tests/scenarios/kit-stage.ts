// A kit in this process, with people and bots whose operations are called as the control API calls them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BotHttp, createTestLogger } from '@aerogram/dev-env';
import { OPERATIONS, type RunningKit, startKit, type TestSet } from '@aerogram/kit';
import { testDatabase } from '@aerogram/storage/testing';

type Params = Record<string, unknown>;

/** A message as operations return it, as far as tests use it. */
export interface Message {
  id: number;
  chat: string;
  text: string;
  out: boolean;
  from: { id: string; name: string; username?: string } | null;
  buttons: string[][];
}

/** A kit on a database of its own. */
export class Stage implements AsyncDisposable {
  readonly running: RunningKit;
  readonly #clean: () => Promise<void>;

  private constructor(running: RunningKit, clean: () => Promise<void>) {
    this.running = running;
    this.#clean = clean;
  }

  static async open(): Promise<Stage> {
    const dataDir = await mkdtemp(join(tmpdir(), 'aerogram-kit-'));
    const database = await testDatabase();
    const clean = async (): Promise<void> => {
      await database[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    };
    try {
      return new Stage(await startKit({ dataDir, env: { AEROGRAM_DATABASE_URL: database.url }, log: createTestLogger() }), clean);
    } catch (error) {
      await clean();
      throw error;
    }
  }

  /** A new set. */
  set(): StagedSet {
    return new StagedSet(this.running, this.running.kit.sets.create({ hasLimits: false }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.stop();
    await this.#clean();
  }
}

/** A set whose operations are called. */
export class StagedSet {
  readonly #running: RunningKit;
  readonly set: TestSet;

  constructor(running: RunningKit, set: TestSet) {
    this.#running = running;
    this.set = set;
  }

  /** Calls an operation. @throws KitError, ZodError */
  async run<T>(name: string, params: Params = {}): Promise<T> {
    const operation = OPERATIONS.find((one) => one.name === name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const result = await operation.run({ kit: this.#running.kit, set: this.set, signal: AbortSignal.timeout(60_000) }, operation.params.parse(params));
    // As the control API has it, and nothing that the documentation does not name.
    return JSON.parse(JSON.stringify(operation.result.parse(result))) as T;
  }

  async person(name: string, choice: Params = {}): Promise<StagedPerson> {
    return new StagedPerson(this, await this.run('people.create', { name, ...choice }));
  }

  async bot(choice: Params = {}): Promise<StagedBot> {
    return new StagedBot({ info: this.#running.kit.server }, await this.run('bots.create', choice));
  }
}

/** Whoever can be written to. */
export type Place = string | StagedPerson | StagedBot;

const chatOf = (place: Place): string => (typeof place === 'string' ? place : place instanceof StagedBot ? `@${place.username}` : place.id);

/** A person of a set. */
export class StagedPerson {
  readonly #set: StagedSet;
  readonly id: string;
  readonly name: string;
  readonly username: string | undefined;
  readonly phone: string;

  constructor(set: StagedSet, made: { id: string; name: string; username?: string; phone: string }) {
    this.#set = set;
    this.id = made.id;
    this.name = made.name;
    this.username = made.username;
    this.phone = made.phone;
  }

  /** Calls an operation of this person in a chat. */
  do<T = Message>(name: string, chat: Place, params: Params = {}): Promise<T> {
    return this.#set.run(`people.${name}`, { person: this.id, chat: chatOf(chat), ...params });
  }

  /** Calls an operation of this person that is about no chat. */
  act<T>(name: string, params: Params = {}): Promise<T> {
    return this.#set.run(`people.${name}`, { person: this.id, ...params });
  }

  send(chat: Place, text: string): Promise<Message> {
    return this.do('send', chat, { text });
  }

  next(chat: Place, match: Params = {}): Promise<Message> {
    return this.do('next', chat, { match });
  }
}

/** A bot of a set, over HTTP. */
export class StagedBot extends BotHttp {
  readonly id: string;
  readonly username: string;
  #offset = 0;

  constructor(serving: ConstructorParameters<typeof BotHttp>[0], made: { id: string; username: string; token: string }) {
    super(serving, made.token);
    this.id = made.id;
    this.username = made.username;
  }

  /** Waits for the next update and confirms it. */
  async update<T = Record<string, never>>(): Promise<T> {
    for (;;) {
      const [update] = await this.call<({ update_id: number } & T)[]>('getUpdates', { offset: this.#offset, limit: 1, timeout: 10 });
      if (update === undefined) throw new Error(`@${this.username} got no update`);
      this.#offset = update.update_id + 1;
      return update;
    }
  }
}
