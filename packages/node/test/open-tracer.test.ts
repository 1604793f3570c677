import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLogger, createMetrics, silentLogger } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { openTracer } from '../src/open-tracer.ts';

const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}`;

/** Opens a tracer that sends to a port of this machine. */
async function open(otlpEndpoint: string, tracePercent = 100) {
  const lines: string[] = [];
  const metrics = createMetrics();
  const log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const tracer = (await openTracer({ config: { otlpEndpoint, tracePercent }, process: () => 'one', log, metrics }))!;
  return { tracer, metrics, lines };
}

/** A port of this machine that nobody listens to. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

describe('traces', () => {
  test('are not made without a collector', async () => {
    expect(await openTracer({ config: { otlpEndpoint: undefined, tracePercent: 100 }, process: () => 'one', log: silentLogger, metrics: createMetrics() })).toBeUndefined();
  });

  test('are made of a share of the calls, and go on for what these caused', async () => {
    const { tracer } = await open(`http://127.0.0.1:${await findFreePort()}`, 10);
    const spans = Array.from({ length: 2000 }, () => tracer.beginCall()).filter((span) => span !== undefined);
    expect(spans.length).toBeGreaterThan(120);
    expect(spans.length).toBeLessThan(280);
    const [, trace] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(spans[0]!.context)!;
    for (const { context } of spans) expect(tracer.beginPart('push', context, Date.now())?.context).toContain(context.slice(0, 35));
    expect(tracer.beginPart('push', spans[0]!.context, Date.now())!.context).toContain(trace);
    for (const parent of [undefined, '', `${PARENT}-00`, `${PARENT}-01x`, 'x']) expect([parent, tracer.beginPart('push', parent, Date.now())]).toEqual([parent, undefined]);
    await tracer[Symbol.asyncDispose]();
  });

  test('reach the collector at the latest when the process ends', async () => {
    const bodies: Promise<string>[] = [];
    const server = createServer((request, response) => {
      bodies.push(text(request));
      void bodies.at(-1)!.then(() => response.writeHead(200).end('{}'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { tracer, metrics } = await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const span = tracer.beginCall()!;
    tracer.beginPart('push', span.context, performance.timeOrigin + performance.now() - 5)!.end({ facts: { bytes: 7 } });
    span.end({ name: 'help.getConfig', hasFailed: true });
    await tracer[Symbol.asyncDispose]();
    const body = (await Promise.all(bodies)).join('');
    for (const part of ['"name":"help.getConfig"', '"name":"push"', `"parentSpanId":"${span.context.slice(36, 52)}"`, '"service.instance.id"']) expect(body).toContain(part);
    expect(await metrics.render()).toContain('aerogram_trace_spans_total{outcome="sent"} 2\n');
    await once(server.close(), 'close');
  });

  test('of a collector that is away are lost, with one line in the log, and keep the process no longer than some seconds', async () => {
    const { tracer, metrics, lines } = await open(`http://127.0.0.1:${await findFreePort()}`);
    tracer.beginCall()!.end({ name: 'help.getConfig' });
    const startedMs = performance.now();
    await tracer[Symbol.asyncDispose]();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(await metrics.render()).toContain('aerogram_trace_spans_total{outcome="failed"} 1\n');
    expect(lines.filter((line) => line.includes('traces cannot be sent to the collector'))).toHaveLength(1);
  });
});
