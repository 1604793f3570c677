import type { Domain, HasLimits } from '@aerogram/domain';
import type { ByteBudget, Clock, Logger, Metrics, Random, TokenBucketLimits, Tracer } from '@aerogram/runtime';

import type { RpcMethod } from './define-method.ts';
import type { RepeatLimits } from './repeated-calls.ts';

export interface DispatcherOptions {
  methods: readonly RpcMethod[];
  domain: Domain;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  /** Makes traces of calls; absent: there are none. */
  tracer?: Tracer | undefined;
  flood?: Partial<TokenBucketLimits>;
  /** Whom calls cost tokens; if absent, everybody. */
  hasLimits?: HasLimits | undefined;
  /** Whether people can only read now; if absent, they never are. */
  isReadOnly?: (() => boolean) | undefined;
  /** For calls repeated with the same bytes. */
  repeats?: Partial<RepeatLimits>;
  /** For calls that carry parts of files or ask for them. */
  parts?: { room: ByteBudget; bytesPerSecond?: number };
}
