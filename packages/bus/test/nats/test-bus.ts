import { createMetrics, silentLogger } from '@aerogram/runtime';
import { expect } from 'vitest';
import { createNatsBus, type NatsBus, type NatsBusOptions, parseNatsUrl } from '../../src/index.ts';

/** A node's bus, and what it counted. */
export interface TestBus extends AsyncDisposable {
  bus: NatsBus;
  /** How often the bus said that hints may have been lost. */
  gaps: number;
  /** The value of a metric as it is rendered, 0 if there is none. */
  metric(line: string): Promise<number>;
}

/** Creates a bus that connects to a port, or a URL. */
export function makeBus(to: number | string, options: Partial<NatsBusOptions> = {}): TestBus {
  const metrics = createMetrics();
  const servers = parseNatsUrl(typeof to === 'string' ? to : `nats://127.0.0.1:${to}`);
  const bus = createNatsBus({ servers, databaseId: 'database', node: 'node', metrics, log: silentLogger, ...options });
  const made: TestBus = {
    bus,
    gaps: 0,
    async metric(line) {
      const found = (await metrics.render()).split('\n').find((one) => one.startsWith(`${line} `));
      return Number(found?.split(' ').at(-1) ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      metrics[Symbol.dispose]();
    },
  };
  bus.onReconnect(() => made.gaps++);
  return made;
}

/** Waits until buses are connected. */
export async function connected(...buses: TestBus[]): Promise<void> {
  await expect.poll(() => buses.every(({ bus }) => bus.isConnected), { interval: 10 }).toBe(true);
}

/** What `heardBy` sends; some may arrive after it has ended. */
export const PROBE = 'are you there';

/** Waits until what one bus publishes reaches another: hints of such a topic only reach nodes whose subscription the server has. */
export async function heardBy(from: TestBus, topic: string, to: TestBus): Promise<void> {
  let isHeard = false;
  using _ = to.bus.subscribe(topic, (hint) => (isHeard ||= hint === PROBE));
  await expect
    .poll(
      () => {
        from.bus.publish(topic, PROBE);
        return isHeard;
      },
      { interval: 10 },
    )
    .toBe(true);
}
