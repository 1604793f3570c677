import { createHash } from 'node:crypto';

/** Returns the index, from 0, of the worker that answers all requests of a shard. It only changes with the number of workers. */
export function slotOfShard(shard: string, workers: number): number {
  return createHash('sha1').update(shard).digest().readUInt32BE(0) % workers;
}

/** Whether a worker answers requests of a shard; any worker may answer requests without one. */
export function ownsShard({ slot, workers }: { slot: number; workers: number }, shard: string | undefined): boolean {
  return shard === undefined || slotOfShard(shard, workers) === slot;
}
