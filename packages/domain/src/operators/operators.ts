import { unmarkPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { type Clock, OperatorError } from '@aerogram/runtime';
import { type Database, defineJobKind, type JobKind, jsonCodec } from '@aerogram/storage';

import type { Channels } from '../channels/index.ts';
import { type Chats, isChatRow } from '../chats/index.ts';
import type { Groups } from '../groups/index.ts';
import { type AccountHands, describeCommand, findAccountRefusal, operateAccount } from './operate-accounts.ts';
import { type AccountCommand, findCommand, insertCommand, type OperatorCommand, saveOutcome } from './operator-log-store.ts';

/** What carries out commands of the operator. */
export interface OperatorsDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  channels: Pick<Channels, 'at'>;
  groups: Pick<Groups, 'operator'>;
  chats: Pick<Chats, 'findRow'>;
  accounts: AccountHands;
}

/**
 * The job with which the server carries out a command that the operator ordered from another process, through the same operations as calls of
 * clients. A command may run again after a crash; that changes nothing more.
 * @param deps undefined in a process that only orders
 */
export function createOperatorJob(deps: OperatorsDeps | undefined) {
  return defineJobKind<{ entryId: bigint }>({
    kind: 'operator-command',
    codec: jsonCodec(),
    async run({ entryId }) {
      const command = deps && (await findCommand(deps.db, entryId));
      if (command === undefined) return;
      const outcome = await carryOut(deps!, command).catch((error: unknown) => {
        if (error instanceof RpcError) return `refused: ${REFUSALS[error.text] ?? error.text}`;
        throw error;
      });
      await deps!.db.transact('save-outcome', (tx) => saveOutcome(tx, entryId, outcome, deps!.clock.now()));
    },
  }) satisfies JobKind;
}

const REFUSALS: Readonly<Record<string, string>> = {
  CHANNEL_INVALID: 'it does not exist',
  CHAT_ID_INVALID: 'it does not exist, was deleted, or became a supergroup',
  CHANNEL_PRIVATE: 'it was deleted',
  USER_NOT_PARTICIPANT: 'that account is not in it',
  USER_ID_INVALID: 'it has no number',
  PHONE_NUMBER_BANNED: 'its number, or the new one, is banned ("aerogram user unban")',
  PHONE_NUMBER_OCCUPIED: 'the number has an account',
};

/**
 * Orders a command, and records it. The running server, or the next one that starts, carries it out.
 * @param what the command in words, for the operator log
 * @returns the id of the entry in the log
 */
export function doOrderCommand(db: Database, command: OperatorCommand, what: string, nowDate: number): Promise<bigint> {
  return db.transact('order-command', async (tx) => {
    const entryId = await insertCommand(tx, what, command, nowDate);
    await tx.job(createOperatorJob(undefined).order(command.peerId, { entryId }));
    return entryId;
  });
}

/**
 * Orders what operators do to an account, as {@link doOrderCommand}. The log gets the id of the account, and no phone number.
 * @returns the id of the entry in the log, and its words
 * @throws OperatorError if there is no such account, or it is a bot, a service account or deleted
 */
export async function doOrderForAccount(db: Database, command: AccountCommand, nowDate: number): Promise<{ entryId: bigint; what: string }> {
  const refusal = await findAccountRefusal(db, command.peerId);
  if (refusal !== undefined) throw new OperatorError(`account ${command.peerId}: ${refusal}`);
  const what = describeCommand(command);
  return { entryId: await doOrderCommand(db, command, what, nowDate), what };
}

/** @returns what came of it, in words */
async function carryOut(deps: OperatorsDeps, command: OperatorCommand): Promise<string> {
  switch (command.kind) {
    case 'delete':
      return deleteChat(deps, command.peerId);
    case 'give': {
      const newId = await giveChat(deps, command);
      return newId === undefined ? 'nobody is in it who could be its owner' : `account ${newId} is its owner`;
    }
    default:
      return operateAccount(deps, command);
  }
}

async function deleteChat({ channels, groups, chats }: OperatorsDeps, peerId: bigint): Promise<string> {
  const peer = unmarkPeer(peerId);
  if (peer._ === 'peerChat') await groups.operator.doDelete(peer.chat_id);
  if (peer._ !== 'peerChannel') return DELETED;
  const row = await chats.findRow(peerId);
  await channels.at(peer.channel_id).operator.doDelete();
  // What was written before the group became a supergroup belongs to it, too.
  const formerId = row === undefined || isChatRow(row) ? null : row.migrated_from_chat_id;
  if (formerId !== null) await groups.operator.doDelete(formerId);
  return DELETED;
}

const DELETED = 'deleted; its messages are being removed';

function giveChat({ channels, groups }: OperatorsDeps, { peerId, userId }: { peerId: bigint; userId: bigint | undefined }): Promise<bigint | undefined> {
  const peer = unmarkPeer(peerId);
  if (peer._ === 'peerChannel') return channels.at(peer.channel_id).operator.doGive(userId);
  if (peer._ === 'peerChat') return groups.operator.doGive(peer.chat_id, userId);
  return Promise.resolve(undefined);
}
