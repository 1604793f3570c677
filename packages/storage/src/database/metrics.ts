import { type Metrics, defineCounter, defineGauge, defineHistogram } from '@aerogram/runtime';
import type { PoolLoad } from './connections.ts';

const transactionSeconds = defineHistogram({
  name: 'aerogram_transaction_seconds',
  help: 'How long transactions took, with waiting for a connection and all attempts, by name.',
  labels: ['name'],
});
const transactionRetries = defineCounter({
  name: 'aerogram_transaction_retries_total',
  help: 'Transactions that were run again, by name and reason.',
  labels: ['name', 'reason'],
});
const batchItems = defineHistogram({
  name: 'aerogram_batch_items',
  help: 'Items that one transaction of a group committer took, by committer.',
  labels: ['name'],
  buckets: [1, 2, 4, 8, 16, 32, 64],
});
const batchFailures = defineCounter({
  name: 'aerogram_batch_failures_total',
  help: 'Batches that failed and were run again item by item, by committer.',
  labels: ['name'],
});
const poolSize = defineGauge({
  name: 'aerogram_database_pool_size',
  help: 'Connections to the database that the process may have (AEROGRAM_DATABASE_POOL_SIZE).',
});
const poolConnections = defineGauge({
  name: 'aerogram_database_connections',
  help: 'Connections to the database that the process has, by state: in_use or idle.',
  labels: ['state'],
});
const poolWaiting = defineGauge({
  name: 'aerogram_database_waiting',
  help: 'Transactions and reads that wait for a connection to the database.',
});

/** Shows what a pool does, at each scrape. */
export function showPool(metrics: Metrics, { size, load }: { size: number; load: () => PoolLoad }): void {
  const [connections, waiting] = [metrics.gauge(poolConnections), metrics.gauge(poolWaiting)];
  metrics.gauge(poolSize).set(size);
  metrics.onRender(() => {
    const now = load();
    connections.set({ state: 'in_use' }, now.inUse);
    connections.set({ state: 'idle' }, now.idle);
    waiting.set(now.waiting);
  });
}

/** Registers the metrics of the storage. */
export function storageMetrics(metrics: Metrics) {
  return {
    transactionSeconds: metrics.histogram(transactionSeconds),
    transactionRetries: metrics.counter(transactionRetries),
    batchItems: metrics.histogram(batchItems),
    batchFailures: metrics.counter(batchFailures),
  };
}

export type StorageMetrics = ReturnType<typeof storageMetrics>;
