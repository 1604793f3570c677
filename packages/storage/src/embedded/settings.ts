/**
 * WAL segment size of a new cluster, in MB. A segment is filled with zeros before use, and the committing client waits for that: 50 ms with
 * 16 MB, which caused the slowest 1 % of all sends. The archive also gets a segment each minute, full or not.
 */
export const LOG_SEGMENT_MB = 4;
/**
 * WAL kept for reuse, in MB, and created in advance for a new cluster (`reserveLog`): as much as is written between two checkpoints at
 * most, so that clients hardly ever wait for a new segment.
 */
export const LOG_RESERVE_MB = 256;

/** Arguments of `initdb`. The superuser `aerogram` needs no password on the socket, which only its owner can reach. */
export function initArguments(major: number): string[] {
  // The builtin provider sorts the same on every machine. Without the last flag, trigrams of Cyrillic and CJK are empty.
  const locale =
    major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-ctype=C.UTF-8']
      : ['--locale=C.UTF-8'];
  return ['--username=aerogram', '--auth=trust', '--encoding=UTF8', `--wal-segsize=${LOG_SEGMENT_MB}`, ...locale];
}

/** Settings given on the command line, so that no edit of a file can weaken them. */
export function serverSettings(major: number, socketDir: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    // The server reports that it is ready in the language of its messages.
    lc_messages: 'C',
    timezone: 'UTC',
    max_connections: '100',
    shared_buffers: '128MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    jit: 'off',
    // Acknowledged commits are on disk.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    max_wal_senders: '4',
    min_wal_size: `${LOG_RESERVE_MB}MB`,
    max_wal_size: '512MB',
    max_slot_wal_keep_size: '2GB',
    checkpoint_timeout: '10min',
    // Counters and jobs are updated all the time, so their dead rows must be removed soon.
    autovacuum_naptime: '10s',
    random_page_cost: '1.1',
    // Errors reach the program, which logs them. PostgreSQL's own log would contain message texts and phone numbers.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_line_prefix: '',
    log_checkpoints: 'off',
    // During recovery, logs the progress every second; /readyz shows it.
    log_startup_progress_interval: '1s',
    log_destination: 'stderr',
    logging_collector: 'off',
    // Worker processes for asynchronous I/O cost start-up time and memory, with no benefit for a small server.
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  };
}
