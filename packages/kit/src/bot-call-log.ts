import type { BotCallWatch } from '@aerogram/bot-api';
import type { Clock } from '@aerogram/runtime';

/** One call of a bot, as tests see it. */
export interface RecordedCall {
  /** Counts up in the order in which the calls ended. */
  n: number;
  botId: string;
  method: string;
  params: Record<string, unknown>;
  ok: boolean;
  result?: unknown;
  error?: { error_code: number; description: string; parameters?: Record<string, unknown> };
  startedMs: number;
  endedMs: number;
}

/** What bots have called, and which of their calls go wrong on purpose. */
export interface BotCallLog extends BotCallWatch, Disposable {
  /** The number of the newest call of these bots; 0 if there was none. */
  newest(bots: ReadonlySet<bigint>): number;
  list(bots: ReadonlySet<bigint>, after?: number): RecordedCall[];
  /** Calls a listener after each recorded call, until the returned function is called. */
  onCall(listener: (call: RecordedCall) => void): () => void;
  /** Forgets the calls and faults of bots that are no more. */
  forget(bots: ReadonlySet<bigint>): void;
}

/** Creates a log without calls and faults. */
export function createBotCallLog(_deps: { clock: Pick<Clock, 'nowMs'> }): BotCallLog {
  return {
    newest: () => 0,
    list: () => [],
    onCall: () => () => {},
    forget: () => {},
    around: (_call, run) => run(),
    aroundPost: (_botId, post) => post(),
    [Symbol.dispose]: () => {},
  };
}
