import type { Client } from './connections.ts';
import { type Columns, Round } from './round.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, TaggedResult } from './statement.ts';

/**
 * The prepared statements of one connection. Those that are run in one turn of the event loop leave in one write and
 * are answered in one: a round. When one of a round fails, those behind it are not run and fail with the same error.
 */
export class Pipeline {
  readonly #client: Client;
  #waiting: Round | undefined;
  /** Columns of the statements that the connection has prepared, by name. */
  readonly #prepared = new Map<string, Columns>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Runs a statement behind all that were run before. */
  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<TaggedResult<R>> {
    if (!this.#waiting) {
      this.#waiting = new Round(this.#prepared);
      process.nextTick(() => this.flush());
    }
    return this.#waiting.add(statement, values);
  }

  /** Sends what waits: before anything goes to the client by another way. */
  flush(): void {
    const round = this.#waiting;
    if (!round) return;
    this.#waiting = undefined;
    this.#client.query(round);
  }
}

const pipelines = new WeakMap<Client, Pipeline>();

/** The pipeline of a connection. */
export function pipelineOf(client: Client): Pipeline {
  let pipeline = pipelines.get(client);
  if (!pipeline) pipelines.set(client, (pipeline = new Pipeline(client)));
  return pipeline;
}
