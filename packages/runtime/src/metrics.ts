import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

type MetricKind = 'counter' | 'gauge' | 'histogram';

/** A declared metric; a `Metrics` object creates the live one. */
export interface MetricDefinition<K extends MetricKind = MetricKind, L extends string = string> {
  readonly kind: K;
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  readonly buckets: readonly number[] | undefined;
}

type LabelValues<L extends string> = Readonly<Record<L, string | number>>;
type LabelArgs<L extends string> = [L] extends [never] ? [] : [labels: LabelValues<L>];

/** A value that only increases. Labels come first if the metric has any. */
export interface Counter<L extends string> {
  inc(...args: [...LabelArgs<L>, by?: number]): void;
}

/** A value that goes up and down. */
export interface Gauge<L extends string> {
  set(...args: [...LabelArgs<L>, value: number]): void;
  inc(...args: [...LabelArgs<L>, by?: number]): void;
  dec(...args: [...LabelArgs<L>, by?: number]): void;
  /** Takes away the value of these labels, of what is not there any more. */
  remove(labels: LabelValues<L>): void;
}

/** A distribution; durations are in seconds. */
export interface Histogram<L extends string> {
  observe(...args: [...LabelArgs<L>, value: number]): void;
}

/** The live metrics of one node, rendered at `/metrics`. */
export interface Metrics extends Disposable {
  counter<L extends string>(definition: MetricDefinition<'counter', L>): Counter<L>;
  gauge<L extends string>(definition: MetricDefinition<'gauge', L>): Gauge<L>;
  histogram<L extends string>(definition: MetricDefinition<'histogram', L>): Histogram<L>;
  readonly contentType: string;
  /** Registers what sets gauges before each rendering. It must not fail, and bounds its own time. */
  onRender(read: () => Promise<void> | void): void;
  /** All metrics in the Prometheus text format. */
  render(): Promise<string>;
}

interface Declaration<L extends string> {
  /** `aerogram_…`, with the unit at the end (`_seconds`, `_bytes`, `_total`). */
  name: string;
  help: string;
  labels?: readonly L[];
}

/** All declared metrics, for docs/metrics.md and to detect duplicate names. */
const definitions = new Map<string, MetricDefinition>();

function define<K extends MetricKind, L extends string>(
  kind: K,
  declaration: Declaration<L>,
  buckets?: readonly number[],
): MetricDefinition<K, L> {
  if (definitions.has(declaration.name)) throw new Error(`metric ${declaration.name} is declared twice`);
  const definition = { kind, buckets, labels: [], ...declaration };
  definitions.set(declaration.name, definition);
  return definition;
}

/** Declares a counter; its name must end in `_total`. */
export function defineCounter<const L extends string = never>(
  declaration: Declaration<L>,
): MetricDefinition<'counter', L> {
  return define('counter', declaration);
}

/** Declares a gauge. */
export function defineGauge<const L extends string = never>(declaration: Declaration<L>): MetricDefinition<'gauge', L> {
  return define('gauge', declaration);
}

const SECONDS_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Declares a histogram; the default `buckets` are for durations in seconds. */
export function defineHistogram<const L extends string = never>(
  declaration: Declaration<L> & { buckets?: readonly number[] },
): MetricDefinition<'histogram', L> {
  const { buckets, ...rest } = declaration;
  return define('histogram', rest, buckets ?? SECONDS_BUCKETS);
}

/** All metrics declared by the modules loaded so far, by name. */
export function listMetricDefinitions(): MetricDefinition[] {
  return [...definitions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const eventLoopDelay = defineGauge({
  name: 'aerogram_event_loop_delay_seconds',
  help: 'How late the event loop ran its timers since the last scrape: this share of them was not later.',
  labels: ['share'],
});
const eventLoopUse = defineGauge({
  name: 'aerogram_event_loop_utilization_ratio',
  help: 'Share of the time since the last scrape that the event loop was busy.',
});
const processCpu = defineGauge({
  name: 'aerogram_process_cpu_seconds',
  help: 'Processor time used since the process started, by mode.',
  labels: ['mode'],
});
const processMemory = defineGauge({
  name: 'aerogram_process_memory_bytes',
  help: 'Memory of the process, by kind as in process.memoryUsage().',
  labels: ['kind'],
});
const processUptime = defineGauge({
  name: 'aerogram_process_uptime_seconds',
  help: 'Time since the process started.',
});

/**
 * Creates an empty registry for one node.
 * @param options.process also measure the event loop and the process; dispose to stop that
 */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const live = new Map<string, PromCounter | PromGauge | PromHistogram>();
  const reads: (() => Promise<void> | void)[] = [];

  // The methods of prom-client take (labels, value) or (value), which is what the tuple types above describe.
  const obtain = <T extends PromCounter | PromGauge | PromHistogram>(
    definition: MetricDefinition,
    make: (config: { name: string; help: string; labelNames: string[]; registers: Registry[] }) => T,
  ): T => {
    let metric = live.get(definition.name) as T | undefined;
    if (!metric) {
      const { name, help, labels } = definition;
      metric = make({ name, help, labelNames: [...labels], registers: [registry] });
      live.set(name, metric);
    }
    return metric;
  };

  const metrics: Metrics = {
    counter: (definition) => obtain(definition, (config) => new PromCounter(config)) as never,
    gauge: (definition) => obtain(definition, (config) => new PromGauge(config)) as never,
    histogram: (definition) =>
      obtain(
        definition,
        (config) => new PromHistogram({ ...config, buckets: [...(definition.buckets ?? SECONDS_BUCKETS)] }),
      ) as never,
    contentType: registry.contentType,
    onRender: (read) => void reads.push(read),
    async render() {
      await Promise.all(reads.map(async (read) => read()));
      return registry.metrics();
    },
    [Symbol.dispose]: () => registry.clear(),
  };
  return options.process === true ? watchProcess(metrics) : metrics;
}

/** Each sample wakes up the process, even an idle one. */
const SAMPLE_MS = 100;

/** Adds event-loop and process metrics, read at each scrape. */
function watchProcess(metrics: Metrics): Metrics {
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  // Node records the whole time between two samples, so the sampling interval is subtracted.
  const toSeconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - SAMPLE_MS / 1000);
  delay.enable();
  let lastUse: EventLoopUtilization = performance.eventLoopUtilization();

  const read = (): void => {
    for (const percent of [50, 90, 99]) metrics.gauge(eventLoopDelay).set({ share: percent / 100 }, toSeconds(delay.percentile(percent)));
    metrics.gauge(eventLoopDelay).set({ share: 1 }, toSeconds(delay.max));
    delay.reset();
    const use = performance.eventLoopUtilization();
    metrics.gauge(eventLoopUse).set(performance.eventLoopUtilization(use, lastUse).utilization);
    lastUse = use;
    const cpu = process.cpuUsage();
    metrics.gauge(processCpu).set({ mode: 'user' }, cpu.user / 1e6);
    metrics.gauge(processCpu).set({ mode: 'system' }, cpu.system / 1e6);
    for (const [kind, bytes] of Object.entries(process.memoryUsage())) {
      metrics.gauge(processMemory).set({ kind }, bytes);
    }
    metrics.gauge(processUptime).set(process.uptime());
  };

  metrics.onRender(read);
  return {
    ...metrics,
    [Symbol.dispose]() {
      delay.disable();
      metrics[Symbol.dispose]();
    },
  };
}
