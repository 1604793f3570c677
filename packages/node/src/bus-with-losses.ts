import { type Bus, type HintBus, LossListeners } from '@aerogram/bus';

/** A bus whose hints also count as lost when `tell` is called: everybody drops what was read from the database. */
export interface BusWithLosses {
  bus: Bus;
  tell(): void;
}

/** Makes a bus tell of more losses than its own. @param decide see `Bus.decide` */
export function busWithLosses(inner: HintBus, decide: Bus['decide']): BusWithLosses {
  const losses = new LossListeners();
  inner.onReconnect(() => losses.tell());
  const bus: Bus = { publish: (topic, hint) => inner.publish(topic, hint), decide, subscribe: (topic, fn) => inner.subscribe(topic, fn), onReconnect: (fn) => losses.add(fn) };
  return { bus, tell: () => losses.tell() };
}
