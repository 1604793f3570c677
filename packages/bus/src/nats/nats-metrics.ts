import { type Counter, defineCounter, defineGauge, type Gauge, type Metrics } from '@aerogram/runtime';

const hints = defineCounter({
  name: 'aerogram_nats_hints_total',
  help: 'Hints given to NATS for other nodes (out), or got from them for listeners of this one (in).',
  labels: ['direction'],
});
const drops = defineCounter({
  name: 'aerogram_nats_hints_dropped_total',
  help:
    'Hints that did not pass, by reason: away (NATS is not connected), slow (it takes no more), large, unwritable, or, of another node, malformed, or of a format or dictionary that this version does not know.',
  labels: ['reason'],
});
const unheard = defineCounter({
  name: 'aerogram_nats_hints_unheard_total',
  help: 'Hints that were not given to NATS because no other node listens to their topic.',
});
const gaps = defineCounter({
  name: 'aerogram_nats_gaps_total',
  help: 'Times that caches were cleared because hints of other nodes may have been lost, by reason.',
  labels: ['reason'],
});
const connected = defineGauge({ name: 'aerogram_nats_connected', help: '1 while this node is connected to NATS.' });

/** Why a hint did not pass. */
export type DropReason = 'away' | 'slow' | 'large' | 'unwritable' | 'malformed' | 'format' | 'dictionary';

/** Why hints may be missing. */
export type GapReason = 'connected' | 'disconnected' | 'hole' | 'told' | 'silent' | 'stood' | 'unreadable';

/** The live metrics of a bus on NATS. */
export interface NatsMetrics {
  hints: Counter<'direction'>;
  unheard: Counter<never>;
  drops: { inc(labels: { reason: DropReason }): void };
  gaps: { inc(labels: { reason: GapReason }): void };
  connected: Gauge<never>;
}

/** Begins the metrics of a bus on NATS. */
export function natsMetrics(metrics: Metrics): NatsMetrics {
  const all = {
    hints: metrics.counter(hints),
    unheard: metrics.counter(unheard),
    drops: metrics.counter(drops),
    gaps: metrics.counter(gaps),
    connected: metrics.gauge(connected),
  };
  all.connected.set(0);
  return all;
}
