import { type Counter, defineCounter, defineGauge, type Gauge, type Metrics } from '@aerogram/runtime';
import type { CloseReason } from './close-reason.ts';

const connections = defineGauge({
  name: 'aerogram_connections',
  help: 'Open connections, by transport.',
  labels: ['transport'],
});
const connectionsClosed = defineCounter({
  name: 'aerogram_connections_closed_total',
  help: 'Connections that ended, by reason.',
  labels: ['reason'],
});
const sessions = defineGauge({
  name: 'aerogram_sessions',
  help: 'Live sessions, by whether a connection is open for them.',
  labels: ['state'],
});
const sessionsCreated = defineCounter({ name: 'aerogram_sessions_created_total', help: 'Sessions that began.' });
const handshakes = defineCounter({
  name: 'aerogram_handshakes_total',
  help: 'Handshakes that ended, by outcome.',
  labels: ['outcome'],
});
const packets = defineCounter({
  name: 'aerogram_packets_total',
  help: 'Encrypted packets, by direction.',
  labels: ['direction'],
});
const refusals = defineCounter({
  name: 'aerogram_messages_refused_total',
  help: 'Packets answered by bad_server_salt or bad_msg_notification before their session saw them.',
});
const dropped = defineCounter({
  name: 'aerogram_updates_dropped_total',
  help: 'Updates refused because a client did not keep up; it was sent updatesTooLong instead.',
});

const relayedPackets = defineCounter({ name: 'aerogram_relayed_packets_total', help: "Packets and HTTP requests of this node's clients that were relayed to the nodes that serve their keys." });
const relayed = defineGauge({ name: 'aerogram_relayed_connections', help: "Connections of this node's clients to other nodes that serve their keys; one client may have several." });

const partBytes = defineGauge({
  name: 'aerogram_part_bytes',
  help: 'Bytes of long packets and of parts of files that are on the way in the process: received and not handled, or not read by their client.',
});
const partsWaiting = defineGauge({ name: 'aerogram_parts_waiting', help: 'Connections and calls that wait for room for parts of files.' });

/** Transport of a connection, as a metric label. */
export type TransportLabel = 'unknown' | 'abridged' | 'intermediate' | 'padded' | 'full' | 'websocket' | 'http' | 'relay';

export class GatewayMetrics {
  readonly #connections: Gauge<'transport'>;
  readonly #closed: Counter<'reason'>;
  readonly #sessions: Gauge<'state'>;
  readonly #packets: Counter<'direction'>;
  readonly #partBytes: Gauge<never>;
  readonly #partsWaiting: Gauge<never>;
  readonly sessionsCreated: Counter<never>;
  readonly handshakes: Counter<'outcome'>;
  readonly refusals: Counter<never>;
  readonly updatesDropped: Counter<never>;
  readonly relayedPackets: Counter<never>;
  readonly relayed: Gauge<never>;
  readonly #counts = { in: 0, out: 0 };

  constructor(metrics: Metrics) {
    this.#connections = metrics.gauge(connections);
    this.#closed = metrics.counter(connectionsClosed);
    this.#sessions = metrics.gauge(sessions);
    this.#packets = metrics.counter(packets);
    this.#partBytes = metrics.gauge(partBytes);
    this.#partsWaiting = metrics.gauge(partsWaiting);
    this.sessionsCreated = metrics.counter(sessionsCreated);
    this.handshakes = metrics.counter(handshakes);
    this.refusals = metrics.counter(refusals);
    this.relayedPackets = metrics.counter(relayedPackets);
    this.relayed = metrics.gauge(relayed);
    this.updatesDropped = metrics.counter(dropped);
  }

  opened(transport: TransportLabel): void {
    this.#connections.inc({ transport });
  }

  closed(transport: TransportLabel, reason: CloseReason): void {
    this.#connections.dec({ transport });
    this.#closed.inc({ reason });
  }

  /** Relabels a connection whose transport its first bytes have shown. */
  recognised(before: TransportLabel, transport: TransportLabel): void {
    this.#connections.dec({ transport: before });
    this.#connections.inc({ transport });
  }

  /** Counts a connection that was closed before it was accepted. */
  refused(reason: CloseReason): void {
    this.#closed.inc({ reason });
  }

  /** Stops counting a connection that goes on as something that is counted separately. */
  handedOver(transport: TransportLabel): void {
    this.#connections.dec({ transport });
  }

  /** Counts a packet in memory. `flush` writes the sum to the metric, because looking up a label for every packet costs too much. */
  packet(direction: 'in' | 'out'): void {
    this.#counts[direction] += 1;
  }

  /** Writes the counted packets, the sessions and the parts of files to the metrics; called by the gateway's timer. */
  flush(live: { connected: number; away: number }, parts: { total: number; waiting: number }): void {
    for (const direction of ['in', 'out'] as const) {
      this.#packets.inc({ direction }, this.#counts[direction]);
      this.#counts[direction] = 0;
    }
    this.#sessions.set({ state: 'connected' }, live.connected);
    this.#sessions.set({ state: 'away' }, live.away);
    this.#partBytes.set(parts.total);
    this.#partsWaiting.set(parts.waiting);
  }
}
