import type { Bus } from '../src/bus.ts';
import { LossListeners } from '../src/listeners.ts';

/** What happens to a hint. `hold` keeps it back until `release`. */
export type Fate = 'deliver' | 'drop' | 'duplicate' | 'hold';

/** A bus for tests that loses, duplicates and reorders hints. */
export interface FaultyBus extends Bus {
  /**
   * Delivers the held hints in the order returned by `order` (by default as they came).
   * @returns how many hints there were
   */
  release(order?: <T>(held: readonly T[]) => T[]): number;
  /** Tells the listeners that hints may have been lost. */
  reconnect(): void;
}

/** Wraps a bus; `policy` decides about each hint. */
export function createFaultyBus(inner: Bus, policy: (topic: string, hint: unknown) => Fate): FaultyBus {
  let held: { topic: string; hint: unknown }[] = [];
  const losses = new LossListeners();

  const publish: Bus['publish'] = (topic, hint) => {
    const fate = policy(topic, hint);
    if (fate === 'hold') held.push({ topic, hint });
    if (fate === 'deliver' || fate === 'duplicate') inner.publish(topic, hint);
    if (fate === 'duplicate') inner.publish(topic, hint);
  };
  return {
    publish,
    decide(topic, hint) {
      publish(topic, hint);
      return Promise.resolve();
    },
    subscribe: (topic, fn) => inner.subscribe(topic, fn),
    onReconnect(fn) {
      const [own, ofInner] = [losses.add(fn), inner.onReconnect(fn)];
      return {
        [Symbol.dispose]() {
          own[Symbol.dispose]();
          ofInner[Symbol.dispose]();
        },
      };
    },
    release(order = (hints) => [...hints]) {
      const batch = order(held);
      held = [];
      for (const { topic, hint } of batch) inner.publish(topic, hint);
      return batch.length;
    },
    reconnect: () => losses.tell(),
  };
}
