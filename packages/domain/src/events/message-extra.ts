import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { EXTRA_MAX_BYTES } from './message-row.ts';

/** The parts of a message that have no column of their own. They are packed into one `bytea` (rule S12, message rows). */
export interface MessageExtra {
  entities?: tl.MessageEntity[];
  media?: tl.MessageMedia;
  /** The rest of the reply header, such as a quote. `reply_to_msg_id` has its own column, because it differs between the copies. */
  replyTo?: tl.messageReplyHeader;
  fwdFrom?: tl.MessageFwdHeader;
  /** Set for service messages only. */
  action?: tl.MessageAction;
  /** In private chats one entry per user who reacted; in basic groups what older versions stored. `my` is not stored, because it depends on the viewer. */
  reactions?: tl.messagePeerReaction[];
  /** Set for messages of channels only: the users whom the message mentions. */
  mentioned?: bigint[];
  /** In groups only: the bots for which the message is meant, so that they see it in privacy mode. */
  meantFor?: bigint[];
  /** The album that the message belongs to. */
  groupedId?: bigint;
  /** The keyboard of a message of a bot, with what only the server needs to know of it. */
  replyMarkup?: tl.ReplyMarkup;
  /** The inline bot by which its author has sent the message. */
  viaBotId?: bigint;
  /** On a post of a broadcast channel: the plain id of the group in which it can be commented on. */
  commentsIn?: bigint;
  /** The effect that is shown once with the message; in private chats only. */
  effectId?: bigint;
  /** On a copy of a message from another data centre: the id of the message in the box of its author. */
  peerMsgId?: number;
}

/** First byte of each piece. The numbers are stored, so they must never change meaning. */
const PIECE = { entity: 1, media: 2, replyTo: 3, fwdFrom: 4, action: 5, reaction: 6, mentioned: 7, grouped: 8, replyMarkup: 9, viaBot: 10, meantFor: 11, commentsIn: 12, peerMsg: 13, effect: 14 } as const;

/**
 * Packs the parts that are present. Each piece is `kind (1 byte), length (3 bytes, little endian), storedEncode bytes`; the pieces of those who are mentioned, of the bots for which it is
 * meant, of the album, of the inline bot, of the group for comments, of the effect and of the message elsewhere have ids, 8 bytes each. Each piece records its own layer, so an edit may replace some pieces and keep the others as they are.
 * @returns null when there is nothing to pack, as in most text messages
 * @throws RpcError MESSAGE_TOO_LONG (over {@link EXTRA_MAX_BYTES})
 */
export function packMessageExtra(extra: MessageExtra): Uint8Array | null {
  const pieces: { kind: number; bytes: Uint8Array }[] = [];
  const add = (kind: number, object: tl.AnyObject): void => {
    pieces.push({ kind, bytes: storedEncode(object) });
  };
  for (const entity of extra.entities ?? []) add(PIECE.entity, entity);
  if (extra.media) add(PIECE.media, extra.media);
  if (extra.replyTo) add(PIECE.replyTo, extra.replyTo);
  if (extra.fwdFrom) add(PIECE.fwdFrom, extra.fwdFrom);
  if (extra.action) add(PIECE.action, extra.action);
  for (const reaction of extra.reactions ?? []) add(PIECE.reaction, reaction);
  if (extra.replyMarkup) add(PIECE.replyMarkup, extra.replyMarkup);
  if (extra.mentioned !== undefined && extra.mentioned.length > 0) pieces.push({ kind: PIECE.mentioned, bytes: packIds(extra.mentioned) });
  if (extra.meantFor !== undefined && extra.meantFor.length > 0) pieces.push({ kind: PIECE.meantFor, bytes: packIds(extra.meantFor) });
  if (extra.groupedId !== undefined) pieces.push({ kind: PIECE.grouped, bytes: packIds([extra.groupedId]) });
  if (extra.viaBotId !== undefined) pieces.push({ kind: PIECE.viaBot, bytes: packIds([extra.viaBotId]) });
  if (extra.commentsIn !== undefined) pieces.push({ kind: PIECE.commentsIn, bytes: packIds([extra.commentsIn]) });
  if (extra.peerMsgId !== undefined) pieces.push({ kind: PIECE.peerMsg, bytes: packIds([BigInt(extra.peerMsgId)]) });
  if (extra.effectId !== undefined) pieces.push({ kind: PIECE.effect, bytes: packIds([extra.effectId]) });
  if (pieces.length === 0) return null;

  const length = pieces.reduce((sum, piece) => sum + 4 + piece.bytes.length, 0);
  // EXTRA_MAX_BYTES exceeds the sum of the limits of all parts, so checked input never reaches it.
  if (length > EXTRA_MAX_BYTES) throw rpcError('MESSAGE_TOO_LONG');
  const out = new Uint8Array(length);
  let at = 0;
  for (const { kind, bytes } of pieces) {
    out[at] = kind;
    out[at + 1] = bytes.length & 0xff;
    out[at + 2] = (bytes.length >>> 8) & 0xff;
    out[at + 3] = bytes.length >>> 16;
    out.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return out;
}

/**
 * Unpacks the output of {@link packMessageExtra}.
 * @throws Error when the bytes are damaged
 */
export function unpackMessageExtra(bytes: Uint8Array | null): MessageExtra {
  const extra: MessageExtra = {};
  if (bytes === null) return extra;
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at]!;
    const length = bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16);
    const piece = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (kind === PIECE.mentioned) {
      extra.mentioned = unpackIds(piece);
      continue;
    }
    if (kind === PIECE.meantFor) {
      extra.meantFor = unpackIds(piece);
      continue;
    }
    if (kind === PIECE.grouped) {
      extra.groupedId = unpackIds(piece)[0]!;
      continue;
    }
    if (kind === PIECE.viaBot) {
      extra.viaBotId = unpackIds(piece)[0]!;
      continue;
    }
    if (kind === PIECE.commentsIn) {
      extra.commentsIn = unpackIds(piece)[0]!;
      continue;
    }
    if (kind === PIECE.effect) {
      extra.effectId = unpackIds(piece)[0]!;
      continue;
    }
    if (kind === PIECE.peerMsg) {
      extra.peerMsgId = Number(unpackIds(piece)[0]!);
      continue;
    }
    const object = storedDecode(piece);
    // The casts are safe: packMessageExtra wrote each kind byte with an object of exactly this type.
    if (kind === PIECE.entity) (extra.entities ??= []).push(object as tl.MessageEntity);
    else if (kind === PIECE.media) extra.media = object as tl.MessageMedia;
    else if (kind === PIECE.replyTo) extra.replyTo = object as tl.messageReplyHeader;
    else if (kind === PIECE.fwdFrom) extra.fwdFrom = object as tl.MessageFwdHeader;
    else if (kind === PIECE.action) extra.action = object as tl.MessageAction;
    else if (kind === PIECE.reaction) (extra.reactions ??= []).push(object as tl.messagePeerReaction);
    else if (kind === PIECE.replyMarkup) extra.replyMarkup = object as tl.ReplyMarkup;
    else throw new Error(`message piece of unknown kind ${kind}`);
  }
  return extra;
}

function packIds(ids: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, id] of ids.entries()) view.setBigInt64(at * 8, id, true);
  return bytes;
}

function unpackIds(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, at) => view.getBigInt64(at * 8, true));
}

/** What a stored message shows. */
export interface ShownContent {
  /** Its own media, and those of the message that its reply header repeats. */
  media: tl.MessageMedia[];
  /** Of a service message: what it says. */
  action: tl.MessageAction | undefined;
}

/**
 * Finds what a stored message shows. Reads nothing else.
 * @throws Error when the bytes are damaged
 */
export function findShownIn(extra: Uint8Array | null): ShownContent {
  const shown: ShownContent = { media: [], action: undefined };
  for (let at = 0; extra !== null && at < extra.length; ) {
    const length = extra[at + 1]! | (extra[at + 2]! << 8) | (extra[at + 3]! << 16);
    const piece = extra.subarray(at + 4, at + 4 + length);
    // The casts are safe: packMessageExtra writes each kind byte with an object of exactly this type.
    if (extra[at] === PIECE.media) shown.media.push(storedDecode(piece) as tl.MessageMedia);
    const repeated = extra[at] === PIECE.replyTo ? (storedDecode(piece) as tl.messageReplyHeader).reply_media : undefined;
    if (repeated !== undefined) shown.media.push(repeated);
    if (extra[at] === PIECE.action) shown.action = storedDecode(piece) as tl.MessageAction;
    at += 4 + length;
  }
  return shown;
}

/** The bots for which a stored message of a group is meant. Reads nothing else. */
export function meantForIn(extra: Uint8Array | null): readonly bigint[] {
  return idsIn(extra, PIECE.meantFor);
}

/** The plain id of the group in which a stored post can be commented on; undefined if nobody can. Reads nothing else. */
export function commentsIn(extra: Uint8Array | null): bigint | undefined {
  return idsIn(extra, PIECE.commentsIn)[0];
}

/** The id that a stored message from another data centre has in the box of its author; undefined for other messages. Reads nothing else. */
export function peerMsgIdIn(extra: Uint8Array | null): number | undefined {
  const [id] = idsIn(extra, PIECE.peerMsg);
  return id === undefined ? undefined : Number(id);
}

/** Notes in a packed new post in which group it can be commented on. @param groupId the plain id */
export function withCommentsIn(extra: Uint8Array | null, groupId: bigint): Uint8Array {
  return Buffer.concat([extra ?? new Uint8Array(), packMessageExtra({ commentsIn: groupId })!]);
}

/** The ids in the piece of a kind whose pieces have ids; none if there is no such piece. */
function idsIn(extra: Uint8Array | null, kind: number): readonly bigint[] {
  for (let at = 0; extra !== null && at < extra.length; ) {
    const length = extra[at + 1]! | (extra[at + 2]! << 8) | (extra[at + 3]! << 16);
    if (extra[at] === kind) return unpackIds(extra.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return [];
}

/** The entities of a stored message; empty when `row` is undefined. */
export function entitiesOf(row: { extra: Uint8Array | null } | undefined): readonly tl.MessageEntity[] {
  return unpackMessageExtra(row?.extra ?? null).entities ?? [];
}
