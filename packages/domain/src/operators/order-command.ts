import { type Database, defineJobKind, jsonCodec } from '@aerogram/storage';

import type { OperatorCommand } from './operator-command.ts';
import { insertCommand } from './operator-log-store.ts';

/**
 * Defines the job that carries out a command which was ordered from another process. A command may run again after a crash; that must change nothing more.
 * @param carryOut carries out the command of an entry of the operator log
 */
export function defineCommandJob(carryOut: (entryId: bigint) => Promise<void>) {
  return defineJobKind<{ entryId: bigint }>({ kind: 'operator-command', codec: jsonCodec(), run: ({ entryId }) => carryOut(entryId) });
}

const ordered = defineCommandJob(() => Promise.resolve());

/**
 * Orders a command, and records it. The running server, or the next one that starts, carries it out.
 * @param what the command in words, for the operator log
 * @returns the id of the entry in the log
 */
export function doOrderCommand(db: Database, command: OperatorCommand, what: string, nowDate: number): Promise<bigint> {
  return db.transact('order-command', async (tx) => {
    const entryId = await insertCommand(tx, what, command, nowDate);
    await tx.job(ordered.order(command.peerId, { entryId }));
    return entryId;
  });
}
