import { type Logger, silentLogger } from '@aerogram/runtime';
import type { Bus } from './bus.ts';

type Listener = (hint: unknown) => void;

/**
 * A bus within one process. Hints are delivered after the publisher's own code has run, in the order of publishing,
 * to those who are subscribed at delivery.
 * @param options.log told of listeners that throw; the others still get the hint
 */
export function createInProcessBus(options: { log?: Logger } = {}): Bus {
  const log = options.log ?? silentLogger;
  const topics = new Map<string, Set<Listener>>();
  let pending: { topic: string; hint: unknown }[] = [];

  const deliver = (): void => {
    const batch = pending;
    pending = [];
    for (const { topic, hint } of batch) {
      // A copy: a listener may subscribe or unsubscribe while it is called.
      for (const listener of Array.from(topics.get(topic) ?? [])) {
        try {
          listener(hint);
        } catch (error) {
          log.error({ topic_kind: topic.split(':', 1)[0], err: error }, 'a listener of the bus failed');
        }
      }
    }
  };

  return {
    publish(topic, hint) {
      if (!topics.has(topic)) return;
      pending.push({ topic, hint });
      if (pending.length === 1) queueMicrotask(deliver);
    },
    subscribe(topic, fn) {
      const listener: Listener = (hint) => fn(hint);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(listener));
      return {
        [Symbol.dispose]() {
          listeners.delete(listener);
          if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
        },
      };
    },
    // Within a process nothing is ever away.
    onReconnect: () => ({ [Symbol.dispose]() {} }),
  };
}
