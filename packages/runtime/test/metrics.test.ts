import { describe, expect, it } from 'vitest';
import { createMetrics, defineCounter, defineGauge, defineHistogram, listMetricDefinitions } from '@aerogram/runtime';

const calls = defineCounter({ name: 'test_calls_total', help: 'Calls.', labels: ['method', 'outcome'] });
const open = defineGauge({ name: 'test_open', help: 'Open ones.' });
const wait = defineHistogram({ name: 'test_wait_seconds', help: 'Waiting.', labels: ['lane'], buckets: [1, 2] });

describe('metrics', () => {
  it('renders what was counted, separately for each node', async () => {
    using one = createMetrics();
    using two = createMetrics();
    one.counter(calls).inc({ method: 'ping', outcome: 'ok' });
    one.counter(calls).inc({ method: 'ping', outcome: 'ok' }, 2);
    one.gauge(open).set(5);
    one.gauge(open).dec();
    one.histogram(wait).observe({ lane: 'hot' }, 1.5);
    const text = await one.render();
    expect(text).toContain('test_calls_total{method="ping",outcome="ok"} 3');
    expect(text).toContain('test_open 4');
    expect(text).toContain('test_wait_seconds_bucket{le="2",lane="hot"} 1');
    two.counter(calls).inc({ method: 'ping', outcome: 'ok' });
    expect(await two.render()).toContain('test_calls_total{method="ping",outcome="ok"} 1');
  });

  it('measures the process and the event loop', async () => {
    using metrics = createMetrics({ process: true });
    const text = await metrics.render();
    for (const name of ['event_loop_delay_seconds{share="0.99"}', 'process_memory_bytes{kind="rss"}', 'process_uptime_seconds']) {
      expect(text).toContain(`aerogram_${name} `);
    }
  });

  it('lists the declarations and refuses duplicate names', () => {
    expect(listMetricDefinitions().map((definition) => definition.name)).toContain('test_calls_total');
    expect(() => defineGauge({ name: 'test_open', help: 'Again.' })).toThrow('declared twice');
  });
});
