export { ByteBudget, type ByteHold } from './byte-budget.ts';
export { type Clock, type TimerHandle, systemClock } from './clock.ts';
export { type ClockDoubt, type ClockNeed, type ClockRecord, ClockWatch, describeSpan } from './clock-watch.ts';
export { ExpiringMap, type ExpiringMapLimits } from './expiring-map.ts';
export { TurnQueue, type TurnQueueOptions } from './turn-queue.ts';
export { type FakeClock, createFakeClock } from './fake-clock.ts';
export { type Random, seededRandom, systemRandom } from './random.ts';
export { type Logger, type LoggerOptions, createLogger, silentLogger, switchLevelBySignal } from './log.ts';
export { WordsLog, wordsOf } from './log-words.ts';
export {
  type Counter,
  type Gauge,
  type Histogram,
  type MetricDefinition,
  type Metrics,
  createMetrics,
  defineCounter,
  defineGauge,
  defineHistogram,
  listMetricDefinitions,
} from './metrics.ts';
export { findIdleSettings } from './config/embedded-settings.ts';
export { SETTINGS } from './config/settings.ts';
export { hashSharedSettings } from './config/shared-settings.ts';
export { type Config, ConfigError, configUsage, loadConfig } from './config/load-config.ts';
export { ENTER_PATH, webAddressOf } from './config/web-address.ts';
export { isEveryAddress, isLocalUrl, isLoopbackHost, type Network, readAddress } from './config/address.ts';
export { bearerSecret, isSameSecret } from './http/bearer-secret.ts';
export { dropRest } from './http/drop-rest.ts';
export { leadsToLoopback, namesLoopback } from './http/names-loopback.ts';
export { findJsonExcess } from './json-excess.ts';
export { linkExclusively, syncDirectory } from './durable-names.ts';
export { pause } from './pause.ts';
export { LoopTurns } from './loop-turns.ts';
export { listenOn } from './listen-on.ts';
export { explainFileFault, OperatorError } from './operator-error.ts';
export { networkOf } from './network-of.ts';
export { addressBytes } from './address-bytes.ts';
export { pageSize, windowSize } from './page-size.ts';
export { pagesOf, pageThrough } from './page-through.ts';
export { RecentMap } from './recent-map.ts';
export { CommandTooSlow, type CommandRun, runCommand } from './run-command.ts';
export { TrustedProxies } from './trusted-proxies.ts';
export { type TokenBucketLimits, TokenBuckets } from './token-buckets.ts';
export type { Tracer, TraceSpan } from './tracing.ts';
export { findBuilt } from './find-built.ts';
export { raiseFileLimit, readFileLimit } from './file-limit.ts';
export { keepHeapRoom } from './heap-room.ts';
export { type LifecyclePart, Lifecycle } from './lifecycle.ts';
export { bootId, processStart } from './process-start.ts';
export { waitForRoom } from './wait-for-room.ts';
export { VERSION } from './version.ts';
export { workerFile } from './worker-file.ts';
export {
  findReadyMs,
  type Endpoint,
  type ServerFile,
  type ServerPublicKey,
  formatEndpoint,
  formatOrigin,
  type WebEndpoint,
  readServerFile,
  removeServerFile,
  writeJsonFile,
  writeServerFile,
} from './server-file.ts';
