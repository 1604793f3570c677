import type { Client } from './connections.ts';
import { type Columns, PipelineBatch } from './pipeline-batch.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, TaggedResult } from './statement.ts';

/**
 * The prepared statements of one connection. Statements run in the same turn of the event loop form a batch: they are sent in one write and
 * answered together. If one of them fails, the ones after it are not run and fail with the same error.
 */
export class Pipeline {
  readonly #client: Client;
  #waiting: PipelineBatch | undefined;
  /** Columns of the statements that the connection has prepared, by statement name. */
  readonly #prepared = new Map<string, Columns>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Runs a statement after all earlier ones. */
  run<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<TaggedResult<R>> {
    return this.#batch().add(statement, values);
  }

  /** Queues a statement whose result nobody needs. A later statement of the same batch must be awaited: it fails with the same error if this one fails. */
  send(statement: Statement<unknown>, values: readonly SqlValue[]): void {
    this.#batch().addUnawaited(statement, values);
  }

  #batch(): PipelineBatch {
    if (!this.#waiting) {
      this.#waiting = new PipelineBatch(this.#prepared);
      process.nextTick(flush, this);
    }
    return this.#waiting;
  }

  /** Sends the queued statements now. Must be called before anything is sent to the client by other means. */
  flush(): void {
    const batch = this.#waiting;
    if (!batch) return;
    this.#waiting = undefined;
    this.#client.query(batch);
  }
}

const flush = (pipeline: Pipeline): void => pipeline.flush();

const pipelines = new WeakMap<Client, Pipeline>();

/** Returns the pipeline of a connection. */
export function pipelineOf(client: Client): Pipeline {
  let pipeline = pipelines.get(client);
  if (!pipeline) pipelines.set(client, (pipeline = new Pipeline(client)));
  return pipeline;
}
