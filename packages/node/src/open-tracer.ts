import type { Config, Logger, Metrics, Tracer, TraceSpan } from '@aerogram/runtime';
import { defineCounter, VERSION } from '@aerogram/runtime';
import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

const spansMetric = defineCounter({ name: 'aerogram_trace_spans_total', help: 'Spans of traces, by what became of them: sent to the collector, or failed.', labels: ['outcome'] });

/** Spans that wait for the collector; further ones are dropped. */
const MAX_WAITING = 4096;

const SEND_EVERY_MS = 2000;
/** What a collector may take to answer. The end of a process waits no longer. */
const PATIENCE_MS = 3000;
/** Failures are logged this often at most. */
const COMPLAIN_EVERY_MS = 60_000;

const CONTEXT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/** Makes traces and sends them to a collector. */
export interface OpenTracer extends Tracer, AsyncDisposable {}

interface TracerDeps {
  config: Pick<Config, 'otlpEndpoint' | 'tracePercent'>;
  /** Name of the process, for the collector. */
  process: () => string;
  log: Logger;
  metrics: Metrics;
}

/**
 * Starts to make traces if a collector is set. Its packages are loaded only then, and nothing of the process is instrumented: spans are of calls and of pushes, and
 * begin and end where the program says so.
 */
export async function openTracer({ config, process, log, metrics }: TracerDeps): Promise<OpenTracer | undefined> {
  const { otlpEndpoint, tracePercent } = config;
  if (otlpEndpoint === undefined) return undefined;
  const [{ context, SpanKind, SpanStatusCode, trace }, { resourceFromAttributes }, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: PATIENCE_MS });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'aerogram', 'service.version': VERSION, 'service.instance.id': process() }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(tracePercent / 100) }),
    spanProcessors: [new sdk.BatchSpanProcessor(counted(exporter, { log, metrics }), { maxQueueSize: MAX_WAITING, scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: PATIENCE_MS })],
  });
  const tracer = provider.getTracer('aerogram', VERSION);
  const none = context.active();

  const begin = (name: string, options: Parameters<typeof tracer.startSpan>[1], parent: SpanContext | undefined): TraceSpan | undefined => {
    const span = tracer.startSpan(name, options, parent === undefined ? none : trace.setSpanContext(none, parent));
    if (!span.isRecording()) return undefined;
    const { traceId, spanId } = span.spanContext();
    return {
      context: `00-${traceId}-${spanId}-01`,
      end(outcome) {
        if (outcome.name !== undefined) span.updateName(outcome.name);
        if (outcome.facts !== undefined) span.setAttributes(outcome.facts);
        if (outcome.hasFailed === true) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  return {
    beginCall: () => begin('call', { kind: SpanKind.SERVER, root: true }, undefined),
    beginPart(name, parent, fromMs) {
      const [, traceId, spanId, flags] = CONTEXT.exec(parent ?? '') ?? [];
      if (traceId === undefined || (Number.parseInt(flags!, 16) & SAMPLED) === 0) return undefined;
      return begin(name, { kind: SpanKind.CONSUMER, startTime: fromMs }, { traceId, spanId: spanId!, traceFlags: SAMPLED, isRemote: true });
    },
    // A collector that is away must not keep the process.
    [Symbol.asyncDispose]: () => provider.shutdown().catch((error: unknown) => log.debug({ err: error }, 'the last traces could not be sent')),
  };
}

/** Counts what an exporter sends, and says in the log that it cannot. */
function counted(exporter: SpanExporter, { log, metrics }: Pick<TracerDeps, 'log' | 'metrics'>): SpanExporter {
  const spans = metrics.counter(spansMetric);
  let complainedMs = Number.NEGATIVE_INFINITY;
  return {
    export(list: ReadableSpan[], done) {
      exporter.export(list, (result) => {
        const { code, error } = result;
        const isSent = code === 0;
        spans.inc({ outcome: isSent ? 'sent' : 'failed' }, list.length);
        if (!isSent && performance.now() - complainedMs > COMPLAIN_EVERY_MS) {
          complainedMs = performance.now();
          log.warn({ err: error }, 'traces cannot be sent to the collector');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
