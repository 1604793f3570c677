import { RpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { MessageFlag, type MessageRow, type Origin, unpackMessageExtra } from '../events/index.ts';
import { findSendable, listBesides, type NewOutgoing, ScheduledChanged, type ScheduledRow } from '../messages/index.ts';

/** The function that sends a message; see `Messages.doSendOutgoing`. */
export type Send = (peer: ResolvedPeer, outgoing: NewOutgoing) => Promise<MessageRow[]>;

export interface SendScheduledDeps {
  db: Pick<Database, 'run'>;
  random: Random;
  send: Send;
}

/** An attempt to send a scheduled message. */
export interface ScheduledSend {
  peer: ResolvedPeer;
  /** The row as it was last read. */
  row: ScheduledRow;
  origin: Origin | undefined;
  /** Called with the row after a concurrent edit; returns whether it is still to be sent now. */
  isDue: (row: ScheduledRow) => boolean;
}

/**
 * Sends a scheduled message in its latest version and deletes it from the list in the same transaction.
 * @returns the sender's copy; undefined if the message was deleted, sent or rescheduled meanwhile
 * @throws RpcError the errors of a send, except those about the reply
 */
export async function sendScheduled(deps: SendScheduledDeps, { peer, row, origin, isDue }: ScheduledSend): Promise<MessageRow | undefined> {
  // Each further iteration means that somebody edited the message meanwhile.
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

/**
 * Sends the message unless its row has changed since it was read.
 * @throws ScheduledChanged if it has
 */
async function sendAsItIs({ db, send, random }: SendScheduledDeps, peer: ResolvedPeer, row: ScheduledRow, origin: Origin | undefined): Promise<MessageRow> {
  const { replyTo, ...rest } = unpackMessageExtra(row.extra);
  // The header of a reply to a message of another chat is stored whole.
  const isElsewhere = row.reply_to_msg_id === null && replyTo !== undefined;
  const extra = isElsewhere ? { ...rest, replyTo } : rest;
  const part = {
    randomId: row.random_id,
    text: row.text,
    flags: row.flags | MessageFlag.fromScheduled,
    extra,
    besides: await listBesides(db, extra.media),
    previewsLinks: (row.flags & MessageFlag.noWebpage) === 0 && extra.fwdFrom === undefined,
    savedPeerId: row.saved_peer_id ?? undefined,
  };
  let isRenumbered = false;
  let reply = row.reply_to_msg_id === null ? undefined : { msgId: row.reply_to_msg_id, quote: replyTo };
  for (;;) {
    try {
      const [sent] = await send(peer, { senderId: row.owner_id, parts: [part], reply, origin, scheduled: row });
      return sent!;
    } catch (error) {
      const problem = error instanceof RpcError ? error.text : undefined;
      // The quoted message was edited, so the reply is sent without the quote.
      if (problem === 'QUOTE_TEXT_INVALID' && reply?.quote !== undefined) reply = { msgId: reply.msgId, quote: undefined };
      // The task was taken from its list.
      else if (problem === 'REPLY_MESSAGE_ID_INVALID' && reply?.quote?.todo_item_id !== undefined) reply = { msgId: reply.msgId, quote: withoutTask(reply.quote) };
      // Another message was sent with the random id of this one. No client waits for an answer with that id, and a second send is
      // impossible because the row is deleted in the same transaction.
      else if (problem === 'RANDOM_ID_DUPLICATE' && !isRenumbered) {
        part.randomId = random.int63();
        isRenumbered = true;
      }
      // The message replied to was deleted, so this one is sent as a plain message.
      else if (problem === 'REPLY_MESSAGE_ID_INVALID' && reply !== undefined) reply = undefined;
      else throw error;
    }
  }
}

/** A quote that is not of a task of a checklist any more; undefined if nothing is left of it. Pure. */
function withoutTask(header: tl.messageReplyHeader): tl.messageReplyHeader | undefined {
  return header.quote === true ? { ...header, todo_item_id: undefined } : undefined;
}
