/** Numbers of all processes of this server, which the page shows as they change. Counters only grow, while the processes stay the same. */
export interface LiveNumbers {
  /** Milliseconds since the process that answers began to count, by its own clock. */
  at_ms: number;
  /** Processes whose numbers these are. */
  processes: number;
  connections: number;
  sessions: number;
  /** Calls that send messages, and all calls. */
  messages: number;
  calls: number;
  /** Sum of the times that the calls took, in seconds. */
  call_seconds: number;
  /** Updates handed to sessions. */
  pushes: number;
  /** How often a message was handed to a session, and the sum of the times that it took, in seconds. */
  deliveries: number;
  delivery_seconds: number;
  /** Jobs that were run. */
  jobs: number;
  memory_bytes: number;
  /** Free bytes on the disk of the database; null if it is not known. */
  disk_free_bytes: number | null;
  /** How old the newest backup is, in seconds; null if none are scheduled. */
  backup_age_seconds: number | null;
}

const LINE = /^(aerogram_\w+)(?:\{(.*)\})? (\S+)$/;
/** Methods whose calls send a message. */
const SENDING = /method="messages\.(send(Message|Media|MultiMedia|InlineBotResult)|forwardMessages)"/;

/** Counts and times, each the sum of all samples of a metric. */
const SUMS: Readonly<Record<string, Exclude<keyof LiveNumbers, 'disk_free_bytes' | 'backup_age_seconds'>>> = {
  aerogram_connections: 'connections',
  aerogram_sessions: 'sessions',
  aerogram_rpc_calls_total: 'calls',
  aerogram_rpc_call_seconds_sum: 'call_seconds',
  aerogram_pushes_total: 'pushes',
  aerogram_message_delivery_seconds_count: 'deliveries',
  aerogram_message_delivery_seconds_sum: 'delivery_seconds',
  aerogram_jobs_total: 'jobs',
};

/** What one process shows for all. */
const SINGLE: Readonly<Record<string, 'disk_free_bytes' | 'backup_age_seconds'>> = {
  aerogram_disk_free_bytes: 'disk_free_bytes',
  aerogram_backup_age_seconds: 'backup_age_seconds',
};

/** Reads the numbers from a page of metrics. Pure. */
export function readLiveNumbers(page: string, atMs: number): LiveNumbers {
  const sums = { processes: 0, connections: 0, sessions: 0, messages: 0, calls: 0, call_seconds: 0, pushes: 0, deliveries: 0, delivery_seconds: 0, jobs: 0, memory_bytes: 0 };
  const found: LiveNumbers = { at_ms: atMs, ...sums, disk_free_bytes: null, backup_age_seconds: null };
  for (const line of page.split('\n')) {
    const [, name, labels = '', text] = LINE.exec(line) ?? [];
    const value = Number(text);
    if (name === undefined || !Number.isFinite(value)) continue;
    const [sum, single] = [SUMS[name], SINGLE[name]];
    if (sum !== undefined) found[sum] += value;
    if (single !== undefined) found[single] = value;
    if (name === 'aerogram_rpc_calls_total' && SENDING.test(labels)) found.messages += value;
    if (name === 'aerogram_process_memory_bytes' && labels.includes('kind="rss"')) found.memory_bytes += value;
    if (name === 'aerogram_process_uptime_seconds') found.processes += 1;
  }
  return found;
}
