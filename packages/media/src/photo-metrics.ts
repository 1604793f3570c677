import { type Counter, defineCounter, defineGauge, defineHistogram, type Gauge, type Histogram, type Metrics } from '@aerogram/runtime';

const results = defineCounter({ name: 'aerogram_photos_total', help: 'Photos that were to be made, by what became of them: made, busy, unavailable, or why the picture was refused.', labels: ['result'] });
const waiting = defineGauge({ name: 'aerogram_photos_waiting', help: 'Photos that wait for a process that makes them.' });
const seconds = defineHistogram({ name: 'aerogram_photo_seconds', help: 'How long a photo took from its turn on, whatever became of it.' });
const failures = defineCounter({ name: 'aerogram_photo_process_failures_total', help: 'Processes that make photos and that crashed, took too long, or could not be started.' });

/** The metrics of a lane. */
export interface PhotoMetrics {
  results: Counter<'result'>;
  waiting: Gauge<never>;
  seconds: Histogram<never>;
  failures: Counter<never>;
}

/** The metrics of the lane in this process. */
export function createPhotoMetrics(metrics: Metrics): PhotoMetrics {
  return { results: metrics.counter(results), waiting: metrics.gauge(waiting), seconds: metrics.histogram(seconds), failures: metrics.counter(failures) };
}
