import { markPeer as markAny, type PeerLike } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { canonicalJson } from './canonical.ts';
import { plainAction, plainMedia } from './plain-content.ts';

/** A message as a client has it. */
export interface BoxMessage {
  id: number;
  /** Marked id of the chat (a user's id in private chats). */
  peer: number;
  from: number;
  out: boolean;
  /** Text, or `action:<name>` of a service message. */
  text: string;
  /** Entities as JSON; an empty string if there are none. */
  entities: string;
  date: number;
  edit_date: number | undefined;
  reply_to: number | undefined;
  /** Original author of a forward, `name:<text>` for a hidden one. */
  forwarded_from: string | undefined;
  forward_date: number | undefined;
  ttl_period: number | undefined;
  pinned: boolean;
  /** Media as JSON; an empty string if there are none. */
  media: string;
  /** The whole of it, which is what states are compared by. */
  raw: tl.message | tl.messageService;
}

/** Marked id of a peer: user → id, chat → −id, channel → −(10^12 + id). */
export function markPeer(peer: PeerLike): number {
  // Ids that clients accept are below 2^53.
  return Number(markAny(peer));
}

/**
 * Takes a message in, whichever way it came.
 *
 * @param message of a push, a difference, an answer or a history
 * @param self id of the account that reads it, for messages without `from_id`
 */
export function readMessage(message: tl.message | tl.messageService, self: bigint): BoxMessage {
  const out = message.out === true;
  const from_id = message.from_id ?? (out ? { _: 'peerUser' as const, user_id: self } : message.peer_id);
  const raw = withoutEmpty({ ...message, from_id });
  const reply = raw.reply_to?._ === 'messageReplyHeader' ? raw.reply_to.reply_to_msg_id : undefined;
  const common = { id: raw.id, peer: markPeer(raw.peer_id), from: markPeer(from_id), out, date: raw.date, reply_to: reply, ttl_period: raw.ttl_period, raw };
  if (raw._ === 'messageService') {
    const none = { entities: '', media: '', edit_date: undefined, forwarded_from: undefined, forward_date: undefined, pinned: false };
    return { ...common, ...none, text: `action:${raw.action._}` };
  }
  const forward = raw.fwd_from;
  return {
    ...common,
    text: raw.message,
    entities: raw.entities?.length ? canonicalJson(raw.entities) : '',
    media: raw.media ? canonicalJson(raw.media) : '',
    edit_date: raw.edit_date,
    forwarded_from: forward && (forward.from_id ? String(markPeer(forward.from_id)) : `name:${forward.from_name ?? ''}`),
    forward_date: forward?.date,
    pinned: raw.pinned === true,
  };
}

/**
 * A message in the form in which it is compared. No entities and no reactions are said in two ways: an empty list, or none. How often a post was seen
 * and forwarded, and how many replies it has, change without an event, so only whether it is counted is compared.
 */
function withoutEmpty<T extends tl.message | tl.messageService>(message: T): T {
  const made = { ...message };
  if (made.reactions?.results.length === 0) made.reactions = undefined;
  if (made._ === 'message' && made.entities?.length === 0) made.entities = undefined;
  if (made._ === 'message' && made.views !== undefined) made.views = 1;
  if (made._ === 'message' && made.forwards !== undefined) made.forwards = 0;
  if (made._ === 'message' && made.replies !== undefined) made.replies = { _: 'messageReplies', replies: 0, replies_pts: 0 };
  if (made._ === 'message' && made.media !== undefined) made.media = plainMedia(made.id, made.media);
  if (made._ === 'messageService') made.action = plainAction(made.id, made.action);
  if (made.reply_to?._ === 'messageReplyHeader' && made.reply_to.reply_media !== undefined) {
    made.reply_to = { ...made.reply_to, reply_media: withoutResults(plainMedia(made.id, made.reply_to.reply_media)) };
  }
  return made;
}

/** What a message repeats of one of another chat. No update tells of it how a poll stands. */
function withoutResults(media: tl.MessageMedia): tl.MessageMedia {
  return media._ === 'messageMediaPoll' ? { ...media, poll: { ...media.poll, closed: undefined, answers: [] }, results: { _: 'pollResults' } } : media;
}
