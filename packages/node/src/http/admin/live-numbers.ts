import type { Metrics } from '@aerogram/runtime';

/** Numbers of this process, which the page shows as they change. Counters only grow. */
export interface LiveNumbers {
  /** Milliseconds since the process began to count, by its own clock. */
  at_ms: number;
  connections: number;
  sessions: number;
  /** Calls that send messages, and all calls. */
  messages: number;
  calls: number;
  /** Sum of the times that the calls took, in seconds. */
  call_seconds: number;
  /** Updates handed to sessions. */
  pushes: number;
  /** Jobs that were run. */
  jobs: number;
  memory_bytes: number;
}

const LINE = /^(aerogram_\w+)(?:\{(.*)\})? (\S+)$/;
/** Methods whose calls send a message. */
const SENDING = /method="messages\.(send(Message|Media|MultiMedia|InlineBotResult)|forwardMessages)"/;

/** Reads the numbers from the page of metrics. Pure. */
export function readLiveNumbers(page: string, atMs: number): LiveNumbers {
  const found: LiveNumbers = { at_ms: atMs, connections: 0, sessions: 0, messages: 0, calls: 0, call_seconds: 0, pushes: 0, jobs: 0, memory_bytes: 0 };
  for (const line of page.split('\n')) {
    const [, name, labels = '', text] = LINE.exec(line) ?? [];
    const value = Number(text);
    if (name === undefined || !Number.isFinite(value)) continue;
    if (name === 'aerogram_connections') found.connections += value;
    else if (name === 'aerogram_sessions') found.sessions += value;
    else if (name === 'aerogram_rpc_call_seconds_sum') found.call_seconds += value;
    else if (name === 'aerogram_pushes_total') found.pushes += value;
    else if (name === 'aerogram_jobs_total') found.jobs += value;
    else if (name === 'aerogram_process_memory_bytes' && (labels === '' || labels.includes('rss'))) found.memory_bytes += value;
    else if (name === 'aerogram_rpc_calls_total') {
      found.calls += value;
      if (SENDING.test(labels)) found.messages += value;
    }
  }
  return found;
}

/** Reads the numbers of this process. */
export const liveNumbers = async (metrics: Pick<Metrics, 'render'>, nowMs: number): Promise<LiveNumbers> => readLiveNumbers(await metrics.render(), nowMs);
