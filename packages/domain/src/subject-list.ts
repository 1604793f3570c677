import type { JobKind } from '@aerogram/storage';

import type { Effect, EffectHandler, FrameApplier } from './effects/index.ts';
import { Ports } from './shared/index.ts';

/** What a subject may bring along, besides what others call. */
interface Brought extends Partial<Disposable>, Partial<AsyncDisposable> {
  readonly jobKind?: JobKind;
  readonly jobKinds?: readonly JobKind[];
}

/**
 * The subjects of one domain, in the order in which they were created. It gathers their background jobs, what they do with effects of other data centres,
 * and what ends with them, so that none of these has to be listed anywhere else.
 */
export class SubjectList implements AsyncDisposable {
  /** The calls that go from a subject to one above it. */
  readonly ports = new Ports();
  readonly #jobs = new Map<string, JobKind>();
  readonly #effects = new Map<string, (frames: Pick<FrameApplier, 'register'>) => void>();
  readonly #subjects: Brought[] = [];

  /** The background jobs of all subjects. */
  get jobKinds(): readonly JobKind[] {
    return [...this.#jobs.values()];
  }

  /**
   * Adds a subject: its `jobKind` or `jobKinds` will run, and it is disposed of before everything that was added earlier.
   * @returns the subject
   */
  add<S extends object>(subject: S): S {
    const { jobKind, jobKinds = [] }: Brought = subject;
    this.addJobs(...(jobKind === undefined ? [] : [jobKind]), ...jobKinds);
    this.#subjects.push(subject);
    return subject;
  }

  /** Adds jobs that belong to no subject that is added. */
  addJobs(...kinds: readonly JobKind[]): void {
    for (const job of kinds) {
      if (this.#jobs.has(job.kind)) throw new Error(`two jobs are named ${job.kind}`);
      this.#jobs.set(job.kind, job);
    }
  }

  /** Adds what applies one kind of effects of other data centres. */
  register<E extends Effect>(handler: EffectHandler<E>): void {
    const { kind } = handler.kind;
    if (this.#effects.has(kind)) throw new Error(`two subjects apply effects of the kind ${kind}`);
    this.#effects.set(kind, (frames) => frames.register(handler));
  }

  /**
   * Ends the composition: checks the ports, and lets `frames` apply all kinds of effects.
   * @throws Error when a port is unbound
   */
  complete(frames: Pick<FrameApplier, 'register'>): void {
    this.ports.check();
    for (const registerIn of this.#effects.values()) registerIn(frames);
  }

  /** Ends the subjects, the last one first: it may need those before it until then. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const subject of this.#subjects.splice(0).reverse()) {
      await subject[Symbol.asyncDispose]?.();
      subject[Symbol.dispose]?.();
    }
  }
}
