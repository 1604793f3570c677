import type { Clock } from '@aerogram/runtime';

/** How long an answer may take, in milliseconds. The supervisor itself waits less for a worker that does not answer. */
const PATIENCE_MS = 5000;

/** A worker's way to the metrics of all processes of the server, which the supervisor collects. Callers share an answer that is awaited. */
export class SupervisorMetrics {
  readonly #clock: Pick<Clock, 'setTimeout'>;
  readonly #ask: () => void;
  #asked: Promise<string> | undefined;
  #take: (page: string) => void = () => {};

  /** @param ask sends the question */
  constructor(clock: Pick<Clock, 'setTimeout'>, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** The page of metrics, with the name of its process in each sample. @throws Error if the supervisor does not answer in time */
  render(): Promise<string> {
    this.#asked ??= new Promise<string>((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => reject(new Error('the supervisor does not answer')), PATIENCE_MS);
      this.#take = (page) => {
        timer.cancel();
        resolve(page);
      };
      this.#ask();
    }).finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** Takes the answer. */
  heard(page: string): void {
    this.#take(page);
  }
}
