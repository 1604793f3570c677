import { listMetricDefinitions } from '@aerogram/runtime';
// Loads every module that declares metrics.
import '@aerogram/cdn';
import '@aerogram/node';
import { renderPage, renderTable } from './markdown.ts';

/** docs/metrics.md: what /metrics shows. */
export function renderMetricsPage(): string {
  const rows = listMetricDefinitions().map(({ name, kind, labels, help }) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  return renderPage('Metrics', 'the `defineCounter`, `defineGauge` and `defineHistogram` calls of the packages', [
    '`/metrics` on the HTTP port, in the Prometheus text format: for this machine only, or for whoever sends ' +
      '`Authorization: Bearer <AEROGRAM_METRICS_TOKEN>`.',
    renderTable(['Metric', 'Kind', 'Labels', 'Meaning'], rows),
  ]);
}
