import { RpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { ResolvedPeer } from '../access/index.ts';
import { MessageFlag, type MessageRow, type Origin, unpackMessageExtra } from '../events/index.ts';
import { findSendable, type Outgoing, ScheduledChanged, type ScheduledRow } from '../messages/index.ts';

/** How a message leaves; see `Messages.doSendOutgoing`. */
export type Send = (peer: ResolvedPeer, outgoing: Omit<Outgoing, 'peerId'>) => Promise<MessageRow[]>;

export interface SendScheduledDeps {
  db: Pick<Database, 'run'>;
  send: Send;
}

/** One try to send a scheduled message. */
export interface ScheduledSend {
  peer: ResolvedPeer;
  /** As it was read last. */
  row: ScheduledRow;
  origin: Origin | undefined;
  /** Asked of the message as it is after an edit that came first: whether it is still to be sent now. */
  isDue: (row: ScheduledRow) => boolean;
}

/**
 * Sends a scheduled message, as the last edit left it, and removes it in the same transaction.
 * @returns the sender's copy; undefined when the message was deleted, sent or put off meanwhile
 * @throws RpcError as a send does, but not because of what it replies to
 */
export async function sendScheduled(deps: SendScheduledDeps, { peer, row, origin, isDue }: ScheduledSend): Promise<MessageRow | undefined> {
  // Whoever makes it run again has edited the message.
  for (let current: ScheduledRow | undefined = row; current !== undefined && isDue(current); ) {
    try {
      return await sendAsItIs(deps, peer, current, origin);
    } catch (error) {
      if (!(error instanceof ScheduledChanged)) throw error;
    }
    [current] = await findSendable(deps.db, [row]);
  }
  return undefined;
}

/** @throws ScheduledChanged when it is not as it was read any more */
async function sendAsItIs({ send }: SendScheduledDeps, peer: ResolvedPeer, row: ScheduledRow, origin: Origin | undefined): Promise<MessageRow> {
  const { replyTo: quote, ...extra } = unpackMessageExtra(row.extra);
  const part = {
    randomId: row.random_id,
    text: row.text,
    flags: row.flags | MessageFlag.fromScheduled,
    extra,
    previewsLinks: (row.flags & MessageFlag.noWebpage) === 0 && extra.fwdFrom === undefined,
    savedPeerId: row.saved_peer_id ?? undefined,
  };
  let reply = row.reply_to_msg_id === null ? undefined : { msgId: row.reply_to_msg_id, quote };
  for (;;) {
    try {
      const [sent] = await send(peer, { senderId: row.owner_id, parts: [part], reply, origin, scheduled: row });
      return sent!;
    } catch (error) {
      const problem = error instanceof RpcError ? error.text : undefined;
      // The quoted message was edited: the reply goes out without the quote.
      if (problem === 'QUOTE_TEXT_INVALID' && reply?.quote !== undefined) reply = { msgId: reply.msgId, quote: undefined };
      // What it replies to was deleted.
      else if (problem === 'REPLY_MESSAGE_ID_INVALID' && reply !== undefined) reply = undefined;
      else throw error;
    }
  }
}
