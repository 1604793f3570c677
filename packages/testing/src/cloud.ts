import { traceCaller } from './control/caller-trace.ts';
import { ControlClient } from './control/control-client.ts';
import type { ReadyLine, ServerDescription } from './launch/kit-process.ts';
import { TestCloud, TestSet } from './test-cloud.ts';

/** A running server, as a cloud uses it. */
export interface CloudServer {
  readonly ready: ReadyLine;
  /** Process id of the server. */
  readonly pid: number;
  /** Why it has ended; undefined if it runs. */
  readonly endReason: string | undefined;
  /** Resolves when it has ended, in order or not. */
  readonly exited: Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** The set that people and bots of the cloud itself belong to. */
const MAIN_SET = 'main';

/**
 * A whole cloud beside the tests: a server with a database, in processes of its own, on free ports of this machine.
 *
 * @example
 * await using cloud = await startCloud();
 * const bot = await cloud.bot();
 * const ann = await cloud.person('Ann');
 */
export class Cloud extends TestCloud {
  /** URL of the control API, for programs in other languages. */
  readonly controlUrl: string;
  /** Secret of the control API: `Authorization: Bearer <secret>`. */
  readonly secret: string;
  /** Addresses and keys for clients of the MTProto API; `clientConfig` has them in the forms that client libraries take. */
  readonly server: ServerDescription;
  /** Process id of the server. */
  readonly pid: number;
  readonly #server: CloudServer;
  readonly #client: ControlClient;

  /** Made by `startCloud`. */
  constructor(server: CloudServer) {
    const client = new ControlClient(server.ready, () => server.endReason);
    super(client, MAIN_SET, server.ready.apiRoot);
    this.#server = server;
    this.#client = client;
    this.controlUrl = server.ready.controlUrl;
    this.secret = server.ready.secret;
    this.server = server.ready.server;
    this.pid = server.pid;
  }

  /** Why the server has ended, with the last lines of its log; undefined while it runs. */
  get endReason(): string | undefined {
    return this.#server.endReason;
  }

  /** Resolves when the server has ended, by `stop` or by itself. */
  get ended(): Promise<void> {
    return this.#server.exited;
  }

  /**
   * Makes a set: the same functions for one test, whose people, bots and names are freed at its end.
   * @param options.limits whether the limits of an ordinary server hold for its people and bots; off by default
   * @example await using set = await cloud.set();
   */
  async set(options: { limits?: boolean } = {}): Promise<TestSet> {
    const { set } = await this.link.call<{ set: string }>('sets.create', { ...options }, traceCaller());
    return new TestSet(this.#client, set, this.apiRoot);
  }

  /**
   * Empties the cloud: deletes the people, bots and chats of all sets.
   * @example await cloud.reset();
   */
  async reset(): Promise<void> {
    await this.link.call('server.reset', {}, traceCaller());
    this.forget();
  }

  /**
   * Stops the server and its database, and deletes their data. `await using` does it by itself, and so does the end of the process.
   * @example await cloud.stop();
   */
  async stop(): Promise<void> {
    this.link.close();
    await this.#server.stop();
    this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
