import type { OwnRelay } from '@aerogram/domain';
import { type Clock, type Config, systemClock } from '@aerogram/runtime';

import { type RelayPlace, relayPlaceOf, relaysAt } from '../calls/relay-place.ts';
import type { ToSupervisor, ToWorker } from './control.ts';

/** Longest time for which a worker waits for its supervisor, in milliseconds. */
const WAIT_MS = 3000;

interface SupervisorRelayDeps {
  clock: Clock;
  place: Pick<RelayPlace, 'addresses'>;
  send(message: ToSupervisor): void;
}

/** The relay of calls as a worker sees it: the supervisor has the process. */
export class SupervisorRelay implements OwnRelay {
  readonly secret: string;
  readonly #deps: SupervisorRelayDeps;
  #port: number;
  #waiting: (() => void)[] = [];

  constructor(secret: string, port: number, deps: SupervisorRelayDeps) {
    this.secret = secret;
    this.#port = port;
    this.#deps = deps;
  }

  list(): ReturnType<OwnRelay['list']> {
    return relaysAt(this.#deps.place, this.#port);
  }

  begin(): Promise<void> {
    this.#deps.send({ kind: 'relay' });
    return new Promise((resolve) => {
      const timer = this.#deps.clock.setTimeout(() => resolve(), WAIT_MS);
      this.#waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** The supervisor says where the relay is. */
  heard({ port }: Extract<ToWorker, { kind: 'relay' }>): void {
    this.#port = port;
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** Makes the relay of a worker; undefined if the settings want none. */
export function openWorkerRelay(config: Config, secret: string, send: (message: ToSupervisor) => void): SupervisorRelay | undefined {
  const place = relayPlaceOf(config);
  return typeof place === 'string' ? undefined : new SupervisorRelay(secret, place.listen.port, { clock: systemClock, place, send });
}
