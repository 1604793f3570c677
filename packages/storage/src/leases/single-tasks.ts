import { Leases, type LeasesOptions } from './leases.ts';

/** Tasks that one node does for all. The place in the list is the bucket, so the list only grows. */
const TASKS = ['cdn-nodes', 'clean-up', 'company-checks'] as const;

/** A task that one node does for all. */
export type SingleTask = (typeof TASKS)[number];

/** Knows which of the tasks that only one node does, on behalf of all, this node has to do. */
export class SingleTasks implements AsyncDisposable {
  readonly #leases: Leases;

  constructor(options: Pick<LeasesOptions, 'db' | 'clock' | 'log' | 'holder'>) {
    this.#leases = new Leases({ ...options, queue: 'tasks', buckets: TASKS.map((_, bucket) => bucket), keyOf: (bucket) => `task:${TASKS[bucket]}` });
  }

  /** Whether this node may begin the task now. */
  holds(task: SingleTask): boolean {
    return this.#leases.holds(TASKS.indexOf(task));
  }

  /** See `Leases.renew`. */
  renew(): Promise<void> {
    return this.#leases.renew();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leases[Symbol.asyncDispose]();
  }
}
