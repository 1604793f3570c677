import { rpcError } from '@aerogram/errors';
import type { RpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { Outgoing } from './outgoing.ts';

/** A message that is replied to: its id in the sender's box and the id of its copy in the receiver's box. */
export interface ReplyIds {
  msg_id: number;
  receiver_msg_id: number | null;
}

/** A message that is replied to and existed before the send. */
export interface ReplyTarget extends ReplyIds {
  sender_id: bigint;
  peer_id: bigint;
  text: string;
}

/** The fields of a send that concern its reply. */
type ReplyFields = Pick<Outgoing, 'senderId' | 'peerId' | 'reply'>;

const findReplies = defineStatement<ReplyTarget>(
  'find_reply_targets',
  `SELECT s.owner_id AS sender_id, s.msg_id, s.peer_id, r.msg_id AS receiver_msg_id, s.text
     FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS w (owner_id, msg_id, receiver_id)
     JOIN messages s ON s.owner_id = w.owner_id AND s.msg_id = w.msg_id
     LEFT JOIN messages r ON r.owner_id = w.receiver_id AND r.global_id = s.global_id`,
);

/** The messages that sends reply to. The senders' counters are locked. */
export class ReplyTargets {
  readonly #targets: Map<string, ReplyTarget>;

  private constructor(rows: readonly ReplyTarget[]) {
    this.#targets = new Map(rows.map((row) => [`${row.sender_id}:${row.msg_id}`, row]));
  }

  /** Reads the targets of these sends. Runs no statement if none of them is a reply. */
  static async find(tx: Tx, sends: readonly ReplyFields[]): Promise<ReplyTargets> {
    const replying = sends.filter((send) => send.reply !== undefined);
    if (replying.length === 0) return new ReplyTargets([]);
    const { rows } = await tx.run(findReplies, [
      replying.map((send) => send.senderId),
      replying.map((send) => send.reply!.msgId),
      replying.map((send) => send.peerId),
    ]);
    return new ReplyTargets(rows);
  }

  /** The message that a send replies to; undefined if it is not a reply or the target was deleted. */
  targetOf({ senderId, reply }: ReplyFields): ReplyTarget | undefined {
    return reply && this.#targets.get(`${senderId}:${reply.msgId}`);
  }

  /** The error of a reply to a message outside the dialog, or of a quote that the message does not contain; undefined if there is none. */
  errorOf(send: ReplyFields): RpcError | undefined {
    if (send.reply === undefined) return undefined;
    const target = this.targetOf(send);
    if (target?.peer_id !== send.peerId) return rpcError('REPLY_MESSAGE_ID_INVALID');
    const quoted = send.reply.quote?.quote_text;
    return quoted === undefined || target.text.includes(quoted) ? undefined : rpcError('QUOTE_TEXT_INVALID');
  }
}
