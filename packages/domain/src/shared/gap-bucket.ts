/**
 * How many messages one row of deleted messages stands for: of a channel in `channel_gaps`, of a thread or topic in `thread_gaps`. The row of a message is its
 * ordinal divided by this. It is part of the stored keys, so it must never change.
 */
export const GAP_BUCKET = 1024;
