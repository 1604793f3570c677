import type { Duplex } from 'node:stream';
import { type Logger, silentLogger } from '@aerogram/runtime';
import { type Bus, isForListeners } from './bus.ts';
import { FRAME, FrameLink, readTexts } from './frames.ts';
import { HintReader } from './hint-codec.ts';
import { createInProcessBus } from './in-process-bus.ts';
import { CountedListeners, LossListeners } from './listeners.ts';

/** The bus of one of several processes that are all connected to each other. */
export interface LinkedBus extends Bus, AsyncDisposable {
  /**
   * Connects the bus to another process. Disposing closes the pipe. If it closes earlier, the topics of that process are forgotten, and its
   * hints may be missing.
   */
  join(pipe: Duplex): void;
  /** Number of user topics that other processes listen to, added up over the processes. */
  readonly wanted: number;
}

/** Another process. */
interface Peer {
  link: FrameLink;
  /** User topics that it listens to. */
  wanted: Set<string>;
  hints: HintReader;
}

/**
 * Creates the bus of a serving process. Hints go to the local listeners as in {@link createInProcessBus}, and to those of the connected
 * processes: hints about a user only to processes with a session of that user, others to all.
 *
 * A process learns with a short delay that another one listens. A session attached in that time misses hints, which may happen anyway; the
 * next repair finds that.
 */
export function createLinkedBus(options: { log?: Logger } = {}): LinkedBus {
  const log = options.log ?? silentLogger;
  const local = createInProcessBus(options);
  const peers = new Set<Peer>();
  const losses = new LossListeners();
  let isClosed = false;

  const publish: Bus['publish'] = (topic, hint) => {
    local.publish(topic, hint);
    const isForAll = !isForListeners(topic);
    for (const { link, wanted } of peers) {
      if (!isForAll && !wanted.has(topic)) continue;
      try {
        link.sendHint(topic, hint);
      } catch (error) {
        log.error({ topic_kind: topic.split(':', 1)[0], err: error }, 'a hint cannot be sent to other processes');
      }
    }
  };
  const tellPeers = (kind: number, topic: string): void => {
    if (isForListeners(topic)) for (const { link } of peers) link.sendTopics(kind, [topic]);
  };
  const listeners = new CountedListeners(local, {
    onFirst: (topic) => tellPeers(FRAME.subscribe, topic),
    onLast: (topic) => tellPeers(FRAME.unsubscribe, topic),
  });

  const hear = ({ wanted, hints }: Peer, kind: number, body: Buffer): void => {
    switch (kind) {
      case FRAME.subscribe:
        for (const topic of readTexts(body)) wanted.add(topic);
        return;
      case FRAME.unsubscribe:
        for (const topic of readTexts(body)) wanted.delete(topic);
        return;
      case FRAME.hints:
        try {
          for (const { topic, hint } of hints.read(body, (one) => listeners.has(one))) local.publish(topic, hint);
        } catch (error) {
          // A process of another version, while the server is being upgraded.
          log.error({ err: error }, 'the bus got hints that it cannot read');
          losses.tell();
        }
        return;
      case FRAME.names:
        return hints.learn(readTexts(body));
      case FRAME.lost:
        losses.tell();
        return;
      default:
        log.error({ kind }, 'the bus got a frame that it does not know');
    }
  };

  return {
    join(pipe) {
      const peer: Peer = {
        wanted: new Set(),
        hints: new HintReader(),
        link: new FrameLink(pipe, (kind, body) => hear(peer, kind, body), () => {
          peers.delete(peer);
          if (!isClosed) losses.tell();
        }),
      };
      peers.add(peer);
      peer.link.sendTopics(FRAME.subscribe, listeners.topics().filter(isForListeners));
    },
    get wanted() {
      let count = 0;
      for (const { wanted } of peers) count += wanted.size;
      return count;
    },
    publish,
    decide(topic, hint) {
      publish(topic, hint);
      // The processes of one server do not wait for each other: a pipe on one machine is as fast as the next call of a client.
      return Promise.resolve();
    },
    subscribe: (topic, fn) => listeners.subscribe(topic, fn),
    onReconnect: (fn) => losses.add(fn),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.all(Array.from(peers, ({ link }) => link.close()));
    },
  };
}
