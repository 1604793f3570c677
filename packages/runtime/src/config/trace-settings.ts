import { intSetting, urlSetting } from './setting-types.ts';

/** Traces of calls. */
export const TRACE_SETTINGS = {
  otlpEndpoint: urlSetting({
    env: 'AEROGRAM_OTLP_ENDPOINT',
    secret: true,
    protocols: ['http:', 'https:'],
    doc: 'Collector of OpenTelemetry that gets traces of calls, such as http://127.0.0.1:4318; `/v1/traces` is added. Without it there are none (docs/operations.md).',
  }),
  tracePercent: intSetting({
    env: 'AEROGRAM_TRACE_PERCENT',
    default: 10,
    min: 1,
    max: 100,
    doc: 'Of how many calls in a hundred traces are made.',
  }),
} as const;
