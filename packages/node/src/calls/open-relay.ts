import { type Config, type Lifecycle, type Logger, type Metrics, systemClock } from '@aerogram/runtime';

import { removeRelayNote } from './relay-note.ts';
import { noteNoRelay, relayPlaceOf } from './relay-place.ts';
import { RelayProcess } from './relay-process.ts';

interface RelayDeps {
  config: Config;
  secret: string;
  log: Logger;
  metrics: Metrics;
  onListening?: ((port: number) => void) | undefined;
}

/** Adds the relay of calls to the process that owns the ports of a server; its own process begins later. @returns undefined if the settings want none */
export function openRelay(lifecycle: Lifecycle, deps: RelayDeps): RelayProcess | undefined {
  const { config, log } = deps;
  const place = relayPlaceOf(config);
  if (typeof place === 'string') {
    removeRelayNote(config.dataDir);
    noteNoRelay(place, log);
    return undefined;
  }
  const relay = new RelayProcess({ ...deps, place, dataDir: config.dataDir, clock: systemClock });
  lifecycle.own('relay of calls', relay);
  return relay;
}
