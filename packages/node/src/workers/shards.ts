import { createHash } from 'node:crypto';

/** The place, from 0, of the worker that answers all requests of a shard. It is the same one as long as the number of workers is. */
export function slotOfShard(shard: string, workers: number): number {
  return createHash('sha1').update(shard).digest().readUInt32BE(0) % workers;
}

/** Whether a worker answers requests of a shard; those that belong to none are for any worker. */
export function ownsShard({ slot, workers }: { slot: number; workers: number }, shard: string | undefined): boolean {
  return shard === undefined || slotOfShard(shard, workers) === slot;
}
