import type { OwnRelay } from '@aerogram/domain';
import { type Clock, type Config, systemClock } from '@aerogram/runtime';

import { type RelayPlace, relayPlaceOf, relaysAt } from '../calls/relay-place.ts';
import { RelayWait } from '../calls/relay-wait.ts';
import type { ToSupervisor, ToWorker } from './control.ts';

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
  readonly #wait: RelayWait;

  constructor(secret: string, port: number, deps: SupervisorRelayDeps) {
    this.secret = secret;
    this.#port = port;
    this.#deps = deps;
    this.#wait = new RelayWait(deps.clock);
  }

  list(): ReturnType<OwnRelay['list']> {
    return relaysAt(this.#deps.place, this.#port);
  }

  begin(): Promise<void> {
    this.#deps.send({ kind: 'relay' });
    return this.#wait.wait();
  }

  /** The supervisor says where the relay is. */
  heard({ port }: Extract<ToWorker, { kind: 'relay' }>): void {
    this.#port = port;
    this.#wait.goOn();
  }
}

/** Makes the relay of a worker; undefined if the settings want none. */
export function openWorkerRelay(config: Config, secret: string, send: (message: ToSupervisor) => void): SupervisorRelay | undefined {
  const place = relayPlaceOf(config);
  return typeof place === 'string' ? undefined : new SupervisorRelay(secret, place.listen.port, { clock: systemClock, place, send });
}
