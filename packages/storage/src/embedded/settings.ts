/**
 * Of a new cluster, in MB. A segment of the log is filled with zeros before it is used, and who commits waits for that: 50 ms
 * with 16 MB, which were the slowest hundredth of all sends. The archive, too, gets a segment each minute, full or not.
 */
export const LOG_SEGMENT_MB = 4;
/**
 * Segments that are kept for use again, in MB, and made beforehand for a new cluster (`reserveLog`): as much as is written between
 * two checkpoints at most, so that hardly anybody ever waits for a new one.
 */
export const LOG_RESERVE_MB = 256;

/** Arguments for `initdb`; the superuser `aerogram` is trusted on the socket, which only its owner reaches. */
export function initArguments(major: number): string[] {
  // The builtin provider sorts the same on every machine. Without the last flag trigrams of Cyrillic and CJK are empty.
  const locale =
    major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-ctype=C.UTF-8']
      : ['--locale=C.UTF-8'];
  return ['--username=aerogram', '--auth=trust', '--encoding=UTF8', `--wal-segsize=${LOG_SEGMENT_MB}`, ...locale];
}

/** Settings given on the command line, where no edit of a file can weaken them. */
export function serverSettings(major: number, socketDir: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    // The binary says when it is ready in the language of its messages.
    lc_messages: 'C',
    timezone: 'UTC',
    max_connections: '100',
    shared_buffers: '128MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    jit: 'off',
    // What was acknowledged is on the disk.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    max_wal_senders: '4',
    min_wal_size: `${LOG_RESERVE_MB}MB`,
    max_wal_size: '512MB',
    max_slot_wal_keep_size: '2GB',
    checkpoint_timeout: '10min',
    // Counters and jobs are updated all the time; their dead rows must go soon.
    autovacuum_naptime: '10s',
    random_page_cost: '1.1',
    // Errors reach the program, which logs them; here they would carry message texts and phone numbers.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_line_prefix: '',
    log_checkpoints: 'off',
    // A recovery says every second how far it has come; /readyz shows it.
    log_startup_progress_interval: '1s',
    log_destination: 'stderr',
    logging_collector: 'off',
    // Processes for reading ahead cost start-up time and memory that a small server does not get back.
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  };
}
