/**
 * A call that goes upward. A subject declares it, because it needs what only a subject above it can do, and may not import that. See {@link Ports}.
 */
export interface Port<F extends AnyFunction> {
  /** The declaring folder and the call, for error messages. */
  readonly name: string;
  /** Never there at run time. It makes ports of different calls different types. */
  readonly call?: F;
}

type AnyFunction = (...args: never[]) => unknown;

/** Declares a port. @param name `folder.call` */
export function definePort<F extends AnyFunction>(name: string): Port<F> {
  return { name };
}

/** The ports of one domain: which are open, and what answers them. Everything is bound while the domain is created. */
export class Ports {
  readonly #opened = new Set<Port<AnyFunction>>();
  readonly #bound = new Map<Port<AnyFunction>, AnyFunction>();

  /** Returns the call for the subject that declared the port. The subject may store it at once, and make it when all subjects are there. */
  open<F extends AnyFunction>(port: Port<F>): F {
    this.#opened.add(port);
    const call = (...args: never[]): unknown => {
      const answer = this.#bound.get(port);
      if (answer === undefined) throw new Error(`port ${port.name} was called before something answers it`);
      return answer(...args);
    };
    // The map holds for each port what `bind` took for it, so it has the port's own type.
    return call as F;
  }

  /**
   * Sets what answers a port.
   * @throws Error when something else answers it already
   */
  bind<F extends AnyFunction>(port: Port<F>, answer: F): void {
    if (this.#bound.has(port)) throw new Error(`port ${port.name} is bound twice`);
    this.#bound.set(port, answer);
  }

  /**
   * Checks, when all subjects are there, that each open port is answered and that each answer has its port.
   * @throws Error that names the others
   */
  check(): void {
    const unbound = [...this.#opened].filter((port) => !this.#bound.has(port));
    if (unbound.length > 0) throw new Error(`nothing answers these ports: ${namesOf(unbound)}`);
    const unopened = [...this.#bound.keys()].filter((port) => !this.#opened.has(port));
    if (unopened.length > 0) throw new Error(`no subject uses these ports: ${namesOf(unopened)}`);
  }
}

const namesOf = (ports: readonly Port<AnyFunction>[]): string => ports.map(({ name }) => name).join(', ');
