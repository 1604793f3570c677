import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

/** A span as OTLP/HTTP brings it as JSON. */
export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attribute[];
  /** The process that made it. */
  process: string;
}

/** A collector of OpenTelemetry on loopback that keeps what it gets. */
export interface TraceCollector extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** The requests, as they came. */
  readonly bodies: readonly string[];
}

interface ResourceSpans {
  resource: { attributes: Attribute[] };
  scopeSpans: { spans: Omit<CollectedSpan, 'process'>[] }[];
}

/** Starts a collector. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url !== '/v1/traces') return response.writeHead(404).end();
      bodies.push(body);
      for (const { resource, scopeSpans } of (JSON.parse(body) as { resourceSpans: ResourceSpans[] }).resourceSpans) {
        const process = String(resource.attributes.find(({ key }) => key === 'service.instance.id')?.value['stringValue']);
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, process });
      }
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
