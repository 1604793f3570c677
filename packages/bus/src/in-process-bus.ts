import { type Logger, silentLogger } from '@aerogram/runtime';
import type { Bus } from './bus.ts';

type Listener = (hint: unknown) => void;

/** One listener of one topic. A class, to save memory, because every session has some. */
class Subscription implements Disposable {
  readonly #topics: Map<string, Set<Subscription> | Subscription>;
  readonly #topic: string;
  readonly listener: Listener;

  constructor(topics: Map<string, Set<Subscription> | Subscription>, topic: string, listener: Listener) {
    this.#topics = topics;
    this.#topic = topic;
    this.listener = listener;
    const others = topics.get(topic);
    // Most topics have a single subscription, which is stored without a Set.
    if (others === undefined) topics.set(topic, this);
    else if (others instanceof Set) others.add(this);
    else topics.set(topic, new Set([others, this]));
  }

  [Symbol.dispose](): void {
    const listeners = this.#topics.get(this.#topic);
    if (listeners === this) {
      this.#topics.delete(this.#topic);
    } else if (listeners instanceof Set) {
      listeners.delete(this);
      if (listeners.size === 0) this.#topics.delete(this.#topic);
    }
  }
}

/**
 * A bus within one process. Hints are delivered after the publisher's synchronous code has run, in the order of publishing, to the
 * subscribers at the time of delivery.
 * @param options.log for errors of listeners that throw; the other listeners still get the hint
 */
export function createInProcessBus(options: { log?: Logger } = {}): Bus {
  const log = options.log ?? silentLogger;
  const topics = new Map<string, Set<Subscription> | Subscription>();
  let pending: { topic: string; hint: unknown }[] = [];

  const deliver = (): void => {
    const batch = pending;
    pending = [];
    for (const { topic, hint } of batch) {
      const found = topics.get(topic);
      // A copy, because a listener may subscribe or unsubscribe while it is called.
      const subscriptions = found instanceof Set ? [...found] : found === undefined ? [] : [found];
      for (const { listener } of subscriptions) {
        try {
          listener(hint);
        } catch (error) {
          log.error({ topic_kind: topic.split(':', 1)[0], err: error }, 'a listener of the bus failed');
        }
      }
    }
  };

  const publish: Bus['publish'] = (topic, hint) => {
    if (!topics.has(topic)) return;
    pending.push({ topic, hint });
    if (pending.length === 1) queueMicrotask(deliver);
  };
  return {
    publish,
    decide(topic, hint) {
      publish(topic, hint);
      // The hint is delivered before anybody can go on who waits for this.
      return Promise.resolve();
    },
    subscribe: (topic, fn) => new Subscription(topics, topic, fn),
    // Within a process the bus is never disconnected.
    onReconnect: () => ({ [Symbol.dispose]() {} }),
  };
}
