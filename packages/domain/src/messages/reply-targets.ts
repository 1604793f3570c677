import { rpcError } from '@aerogram/errors';
import type { RpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { listIn } from '../checklists/index.ts';
import { meantForIn } from '../events/index.ts';
import { removeMarks } from '../shared/index.ts';
import type { AddressingTarget } from './addressed-bots.ts';
import type { Outgoing } from './outgoing.ts';

/** The ids of a message that is replied to, by the owner of each copy. */
export type ReplyIds = ReadonlyMap<bigint, number>;

/** A message that is replied to and was in the sender's box before the send. */
interface ReplyTarget {
  /** Marked peer of its dialog. */
  peerId: bigint;
  /** Marked. */
  authorId: bigint;
  globalId: bigint;
  text: string;
  extra: Uint8Array | null;
  ids: Map<bigint, number>;
}

interface ReplyRow {
  sender_id: bigint;
  msg_id: number;
  peer_id: bigint;
  from_id: bigint;
  global_id: bigint;
  text: string;
  extra: Uint8Array | null;
  owner_id: bigint;
  copy_msg_id: number;
}

/** The fields of a send that concern its reply. */
type ReplyFields = Pick<Outgoing, 'senderId' | 'peerId' | 'reply' | 'places'>;

// One row for each copy; the sender's own is among them.
const findReplies = defineStatement<ReplyRow>(
  'find_reply_targets',
  `SELECT s.owner_id AS sender_id, s.msg_id, s.peer_id, s.from_id, s.global_id, s.text, s.extra, r.owner_id, r.msg_id AS copy_msg_id
     FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS w (owner_id, msg_id, copy_owner_id)
     JOIN messages s ON s.owner_id = w.owner_id AND s.msg_id = w.msg_id
     JOIN messages r ON r.owner_id = w.copy_owner_id AND r.global_id = s.global_id`,
);

/** The messages that sends reply to. The senders' counters are locked. */
export class ReplyTargets {
  readonly #targets: Map<string, ReplyTarget>;

  private constructor(rows: readonly ReplyRow[]) {
    this.#targets = new Map();
    for (const { sender_id: senderId, msg_id: msgId, peer_id: peerId, from_id: authorId, global_id: globalId, text, extra, owner_id: owner, copy_msg_id: id } of rows) {
      const key = `${senderId}:${msgId}`;
      const target = this.#targets.get(key) ?? { peerId, authorId, globalId, text, extra, ids: new Map() };
      this.#targets.set(key, target);
      target.ids.set(owner, id);
    }
  }

  static readonly #NONE = new ReplyTargets([]);

  /** Reads the targets of these sends. @returns at once if none of them is a reply */
  static find(tx: Tx, sends: readonly ReplyFields[]): ReplyTargets | Promise<ReplyTargets> {
    return sends.some((send) => send.reply !== undefined) ? ReplyTargets.#read(tx, sends.filter((send) => send.reply !== undefined)) : ReplyTargets.#NONE;
  }

  static async #read(tx: Tx, replying: readonly ReplyFields[]): Promise<ReplyTargets> {
    const wanted = replying.flatMap((send) => send.places.map((place) => ({ senderId: send.senderId, msgId: send.reply!.msgId, ownerId: place.ownerId })));
    const { rows } = await tx.run(findReplies, [
      wanted.map(({ senderId }) => senderId),
      wanted.map(({ msgId }) => msgId),
      wanted.map(({ ownerId }) => ownerId),
    ]);
    return new ReplyTargets(rows);
  }

  /** The message that a send replies to; undefined if it is not a reply or the target was deleted. */
  targetOf(send: Pick<ReplyFields, 'senderId' | 'reply'>): ReplyIds | undefined {
    return this.#find(send)?.ids;
  }

  /** What names the message that a send replies to in all boxes; undefined if it is not a reply or the target was deleted. */
  globalIdOf(send: Pick<ReplyFields, 'senderId' | 'reply'>): bigint | undefined {
    return this.#find(send)?.globalId;
  }

  /** The author of the message that a send replies to; undefined if it is not a reply or the target was deleted. */
  authorOf(send: Pick<ReplyFields, 'senderId' | 'reply'>): bigint | undefined {
    return this.#find(send)?.authorId;
  }

  /** The message that a send replies to, as it decides for which bots the send is meant; undefined if it is not a reply or the target was deleted. */
  addressingOf(send: Pick<ReplyFields, 'senderId' | 'reply'>): AddressingTarget | undefined {
    const target = this.#find(send);
    return target && { authorId: target.authorId, meantFor: meantForIn(target.extra) };
  }

  /** The error of a reply to a message outside the dialog, or to a part that the message does not contain; undefined if there is none. */
  errorOf(send: ReplyFields): RpcError | undefined {
    if (send.reply === undefined) return undefined;
    const target = this.#find(send);
    if (target?.peerId !== send.peerId) return rpcError('REPLY_MESSAGE_ID_INVALID');
    return findReplyError(target, send.reply.quote);
  }

  #find({ senderId, reply }: Pick<ReplyFields, 'senderId' | 'reply'>): ReplyTarget | undefined {
    return reply && this.#targets.get(`${senderId}:${reply.msgId}`);
  }
}

/** The error of a reply to a part of a message, a quote or a task of a checklist, that the message does not contain; undefined if there is none. Pure. */
export function findReplyError(target: Pick<ReplyTarget, 'text' | 'extra'>, part: Pick<tl.messageReplyHeader, 'quote_text' | 'todo_item_id'> | undefined): RpcError | undefined {
  const { quote_text: quoted, todo_item_id: taskId } = part ?? {};
  if (quoted !== undefined && !hasQuote(target.text, quoted)) return rpcError('QUOTE_TEXT_INVALID');
  const hasTask = taskId === undefined || listIn(target)?.todo.list.some(({ id }) => id === taskId) === true;
  return hasTask ? undefined : rpcError('REPLY_MESSAGE_ID_INVALID');
}

/** Whether a text has a quote, which is clean. Texts of earlier programs may have the marks that are removed today. Pure. */
function hasQuote(text: string, quoted: string): boolean {
  return text.includes(quoted) || removeMarks(text).includes(removeMarks(quoted));
}
