import { type Metrics, defineCounter, defineHistogram } from '@aerogram/runtime';

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
