import type { HintBus } from './bus.ts';

/** Counts the listeners of each topic of a bus within one process, for a bus that must tell others which topics are listened to. */
export class CountedListeners {
  readonly #local: HintBus;
  readonly #counts = new Map<string, number>();
  readonly #changes: { onFirst(topic: string): void; onLast(topic: string): void };

  /** @param changes called after the first listener of a topic came and after the last one went */
  constructor(local: HintBus, changes: { onFirst(topic: string): void; onLast(topic: string): void }) {
    this.#local = local;
    this.#changes = changes;
  }

  topics(): string[] {
    return Array.from(this.#counts.keys());
  }

  has(topic: string): boolean {
    return this.#counts.has(topic);
  }

  /** See `Bus.subscribe`. */
  subscribe(topic: string, fn: (hint: unknown) => void): Disposable {
    const subscription = this.#local.subscribe(topic, fn);
    const count = this.#counts.get(topic) ?? 0;
    this.#counts.set(topic, count + 1);
    if (count === 0) this.#changes.onFirst(topic);
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (!isOpen) return;
        isOpen = false;
        subscription[Symbol.dispose]();
        const left = (this.#counts.get(topic) ?? 1) - 1;
        if (left > 0) {
          this.#counts.set(topic, left);
          return;
        }
        this.#counts.delete(topic);
        this.#changes.onLast(topic);
      },
    };
  }
}

/** Listeners that are told when hints may have been lost. */
export class LossListeners {
  readonly #listeners = new Set<() => void>();

  /** See `Bus.onReconnect`. */
  add(fn: () => void): Disposable {
    const listener = (): void => fn();
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Tells all of them. @throws what the first of those that failed has thrown, when all were told */
  tell(): void {
    const failures: unknown[] = [];
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
