import { unmarkPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { type Clock, OperatorError } from '@aerogram/runtime';
import type { Database, JobKind } from '@aerogram/storage';

import type { Channels } from '../channels/index.ts';
import { type Chats, isChatRow } from '../chats/index.ts';
import type { Groups } from '../groups/index.ts';
import type { AccountLimits } from './account-limits.ts';
import { doMark, type MarkDeps } from './marks.ts';
import { type AccountHands, describeCommand, findAccountRefusal, operateAccount } from './operate-accounts.ts';
import type { AccountCommand, OperatorCommand } from './operator-command.ts';
import { findCommand, saveOutcome } from './operator-log-store.ts';
import { defineCommandJob, doOrderCommand } from './order-command.ts';

/** What carries out commands of the operator. */
export interface OperatorsDeps extends MarkDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  channels: Pick<Channels, 'at'>;
  accountLimits: Pick<AccountLimits, 'doLimit'>;
  groups: Pick<Groups, 'operator'>;
  chats: Pick<Chats, 'findRow'>;
  accounts: AccountHands;
}

/** The job with which the server carries out commands of the operator, through the same operations as calls of clients. */
export function createOperatorJob(deps: OperatorsDeps): JobKind {
  return defineCommandJob(async (entryId) => {
    const command = await findCommand(deps.db, entryId);
    if (command === undefined) return;
    const outcome = await carryOut(deps, command).catch((error: unknown) => {
      if (error instanceof RpcError) return `refused: ${REFUSALS[error.entry] ?? error.text}`;
      throw error;
    });
    await deps.db.transact('save-outcome', (tx) => saveOutcome(tx, entryId, outcome, deps.clock.now()));
  });
}

const REFUSALS: Readonly<Record<string, string>> = {
  'INTERDC_%d_CALL_ERROR': 'the data centre that decides about numbers is away; try again',
  CHANNEL_INVALID: 'it does not exist',
  CHAT_ID_INVALID: 'it does not exist, was deleted, or became a supergroup',
  CHANNEL_PRIVATE: 'it was deleted',
  USER_NOT_PARTICIPANT: 'that account is not in it',
  USER_ID_INVALID: 'there is no such account any more, or it has no number',
  PHONE_NUMBER_BANNED: 'its number, or the new one, is banned ("aerogram user unban")',
  PHONE_NUMBER_OCCUPIED: 'the number has an account',
};

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
    case 'mark':
      await doMark(deps, command.peerId, command.marks);
      return 'done';
    case 'limit':
      return deps.accountLimits.doLimit(command.peerId, command.limit);
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
