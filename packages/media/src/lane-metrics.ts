import { type Counter, defineCounter, defineGauge, defineHistogram, type Gauge, type Histogram, type Metrics } from '@aerogram/runtime';

const photos = {
  results: defineCounter({ name: 'aerogram_photos_total', help: 'Photos that were to be made, and patterns and animated stickers that were to be checked, by what became of them: made, busy, unavailable, or why the picture was refused.', labels: ['result'] }),
  waiting: defineGauge({ name: 'aerogram_photos_waiting', help: 'Photos that wait for a process that makes them.' }),
  seconds: defineHistogram({ name: 'aerogram_photo_seconds', help: 'How long a photo took from its turn on, whatever became of it.' }),
  cpuSeconds: defineCounter({ name: 'aerogram_photo_cpu_seconds_total', help: 'CPU time of the processes that make photos.' }),
  failures: defineCounter({ name: 'aerogram_photo_process_failures_total', help: 'Processes that make photos and that crashed, took too long, or could not be started.' }),
};

const media = {
  results: defineCounter({ name: 'aerogram_media_files_total', help: 'Audio and video files that were to be read, by what became of them: read, unreadable, busy or unavailable.', labels: ['result'] }),
  waiting: defineGauge({ name: 'aerogram_media_files_waiting', help: 'Audio and video files that wait for a process that reads them.' }),
  seconds: defineHistogram({ name: 'aerogram_media_file_seconds', help: 'How long reading an audio or video file took from its turn on, whatever became of it.' }),
  cpuSeconds: defineCounter({ name: 'aerogram_media_cpu_seconds_total', help: 'CPU time of the processes that read audio and video, with that of ffmpeg.' }),
  failures: defineCounter({ name: 'aerogram_media_process_failures_total', help: 'Processes that read audio and video files and that crashed, took too long, or could not be started.' }),
};

/** The metrics of a lane. */
export interface LaneMetrics {
  results: Counter<'result'>;
  waiting: Gauge<never>;
  seconds: Histogram<never>;
  cpuSeconds: Counter<never>;
  failures: Counter<never>;
}

const create = (metrics: Metrics, { results, waiting, seconds, cpuSeconds, failures }: typeof photos): LaneMetrics => ({
  results: metrics.counter(results),
  waiting: metrics.gauge(waiting),
  seconds: metrics.histogram(seconds),
  cpuSeconds: metrics.counter(cpuSeconds),
  failures: metrics.counter(failures),
});

/** The metrics of the lane that makes photos in this process. */
export const createPhotoMetrics = (metrics: Metrics): LaneMetrics => create(metrics, photos);

/** The metrics of the lane that reads audio and video in this process. */
export const createMediaMetrics = (metrics: Metrics): LaneMetrics => create(metrics, media);
