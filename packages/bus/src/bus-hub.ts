import type { Duplex } from 'node:stream';
import { isForListeners } from './bus.ts';
import { FRAME, FrameLink, readHints, readTopics } from './frames.ts';

/** Joins the buses of several processes; it looks at topics only, never into hints. */
export interface BusHub {
  /**
   * Takes the pipe to another process. When it closes, what that process listened to is forgotten, and the others are told
   * that hints of its may be missing.
   */
  attach(pipe: Duplex): void;
}

/** Makes a hub without processes. */
export function createBusHub(): BusHub {
  const links = new Set<FrameLink>();
  /** Which processes listen to the topics of users. */
  const listeners = new Map<string, Set<FrameLink>>();

  const others = (link: FrameLink): FrameLink[] => [...links].filter((other) => other !== link);

  const subscribe = (link: FrameLink, topic: string): void => {
    const known = listeners.get(topic) ?? new Set();
    listeners.set(topic, known);
    if (known.has(link)) return;
    // The first listener is news to all others; the second to the first, who knew of no other one.
    if (known.size === 0) for (const other of others(link)) other.sendTopics(FRAME.wanted, [topic]);
    if (known.size === 1) for (const first of known) first.sendTopics(FRAME.wanted, [topic]);
    known.add(link);
  };

  const unsubscribe = (link: FrameLink, topic: string): void => {
    const known = listeners.get(topic);
    if (known?.delete(link) !== true) return;
    if (known.size === 1) for (const last of known) last.sendTopics(FRAME.unwanted, [topic]);
    if (known.size > 0) return;
    listeners.delete(topic);
    for (const other of others(link)) other.sendTopics(FRAME.unwanted, [topic]);
  };

  const forward = (from: FrameLink, body: Buffer): void => {
    for (const { topic, bytes } of readHints(body)) {
      const takers = isForListeners(topic) ? (listeners.get(topic) ?? []) : links;
      for (const link of takers) if (link !== from) link.sendHint({ topic, bytes });
    }
  };

  return {
    attach(pipe) {
      const link: FrameLink = new FrameLink(
        pipe,
        (kind, body) => {
          if (kind === FRAME.hints) forward(link, body);
          else if (kind === FRAME.subscribe) for (const topic of readTopics(body)) subscribe(link, topic);
          else if (kind === FRAME.unsubscribe) for (const topic of readTopics(body)) unsubscribe(link, topic);
          else if (kind === FRAME.lost) for (const other of others(link)) other.sendLost();
        },
        () => {
          links.delete(link);
          for (const topic of listeners.keys()) unsubscribe(link, topic);
          for (const other of links) other.sendLost();
        },
      );
      link.sendTopics(FRAME.wanted, [...listeners.keys()]);
      links.add(link);
    },
  };
}
