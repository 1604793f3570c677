import { type Bus, LossListeners } from '@aerogram/bus';

/** A bus whose hints also count as lost when `tell` is called: everybody drops what was read from the database. */
export interface BusWithLosses {
  bus: Bus;
  tell(): void;
}

/** Makes a bus tell of more losses than its own. */
export function busWithLosses(inner: Bus): BusWithLosses {
  const losses = new LossListeners();
  inner.onReconnect(() => losses.tell());
  const bus: Bus = { publish: (topic, hint) => inner.publish(topic, hint), subscribe: (topic, fn) => inner.subscribe(topic, fn), onReconnect: (fn) => losses.add(fn) };
  return { bus, tell: () => losses.tell() };
}
