/**
 * Begins a new stream epoch: from now on frames for other data centres are numbered anew. The random part tells apart two databases that begin the same epoch after one
 * backup.
 */
export const RENEW_STREAM_EPOCH = `UPDATE meta SET value = ((SELECT value::bigint FROM meta WHERE key = 'epoch') * 4294967296 + floor(random() * 4294967296)::bigint)::text
  WHERE key = 'stream_epoch'`;
