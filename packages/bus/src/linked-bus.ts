import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { type Logger, silentLogger } from '@aerogram/runtime';
import { type Bus, isForListeners } from './bus.ts';
import { FRAME, FrameLink, readHints, readTopics } from './frames.ts';
import { createInProcessBus } from './in-process-bus.ts';

/** The bus of one process among several, joined by the {@link BusHub} of the process that started them. */
export interface LinkedBus extends Bus, AsyncDisposable {
  /** Topics of users that other processes listen to. */
  readonly wanted: number;
}

/**
 * Makes the bus of a serving process. Hints go to the listeners here as in {@link createInProcessBus}, and through the hub
 * to those of other processes: what happens to a user only to where that user has a session, the rest to all.
 *
 * A process hears a moment later that another one listens; who attaches then misses hints, as hints may be missed, and
 * the next round of repair finds that.
 * @param pipe the end of the pipe to the hub; closed on dispose
 */
export function createLinkedBus(pipe: Duplex, options: { log?: Logger } = {}): LinkedBus {
  const log = options.log ?? silentLogger;
  const local = createInProcessBus(options);
  const wanted = new Set<string>();
  const listeners = new Map<string, number>();
  const reconnectListeners = new Set<() => void>();

  const hear = (kind: number, body: Buffer): void => {
    switch (kind) {
      case FRAME.wanted:
        for (const topic of readTopics(body)) wanted.add(topic);
        return;
      case FRAME.unwanted:
        for (const topic of readTopics(body)) wanted.delete(topic);
        return;
      case FRAME.hints:
        for (const { topic, bytes } of readHints(body)) if (listeners.has(topic)) local.publish(topic, deserialize(bytes));
        return;
      case FRAME.lost:
        for (const listener of Array.from(reconnectListeners)) listener();
        return;
      default:
        log.error({ kind }, 'the bus got a frame that it does not know');
    }
  };
  // The process ends with its hub; there is nothing to be done here.
  const link = new FrameLink(pipe, hear, () => {});

  return {
    get wanted() {
      return wanted.size;
    },
    publish(topic, hint) {
      local.publish(topic, hint);
      if (isForListeners(topic) && !wanted.has(topic)) return;
      try {
        link.sendHint({ topic, bytes: serialize(hint) });
      } catch (error) {
        log.error({ topic_kind: topic.split(':', 1)[0], err: error }, 'a hint cannot be sent to other processes');
      }
    },
    subscribe(topic, fn) {
      const subscription = local.subscribe(topic, fn);
      const count = listeners.get(topic) ?? 0;
      listeners.set(topic, count + 1);
      if (count === 0 && isForListeners(topic)) link.sendTopics(FRAME.subscribe, [topic]);
      let isOpen = true;
      return {
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          subscription[Symbol.dispose]();
          const left = (listeners.get(topic) ?? 1) - 1;
          if (left > 0) {
            listeners.set(topic, left);
            return;
          }
          listeners.delete(topic);
          if (isForListeners(topic)) link.sendTopics(FRAME.unsubscribe, [topic]);
        },
      };
    },
    onReconnect(fn) {
      const listener = (): void => fn();
      reconnectListeners.add(listener);
      return { [Symbol.dispose]: () => void reconnectListeners.delete(listener) };
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
}
