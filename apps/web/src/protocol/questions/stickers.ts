import type { FileRef, MessageId, PeerId, UnixTime } from '../models.ts';
import type { Effect, OfferedStatuses, SetKind, Sticker, StickerSet, WholeSet } from '../stickers.ts';

/** Names a set: by the name in its link, by its id, by what it is for, by a message with one of its stickers, or by one of its custom emoji. */
export type SetRef = { by: 'name'; name: string } | { by: 'use'; use: 'topicIcons' } | { by: 'id'; id: string } | { by: 'message'; peer: PeerId; message: MessageId } | { by: 'emoji'; emoji: string };

/** What a page asks about sticker sets, stickers, custom emoji and effects. */
export interface StickerQuestions {
  'stickers.set': { say: SetRef; get: WholeSet };
  'stickers.install': { say: { set: string }; get: void };
  'stickers.uninstall': { say: { set: string }; get: void };
  /** Puts sets of a kind in order. */
  'stickers.order': { say: { kind: SetKind; sets: string[] }; get: void };
  /** A page of the sets that the account has, and that are not offered to it any more. @param after the last one of the page before */
  'stickers.archived': { say: { kind: SetKind; after?: string }; get: { sets: StickerSet[]; hasMore: boolean } };
  /** Sets that the server offers to everybody. */
  'stickers.featured': { say: { kind: SetKind }; get: StickerSet[] };
  'stickers.setFavourite': { say: { file: FileRef; isFavourite: boolean }; get: void };
  /** Stickers for an emoji or a word. */
  'stickers.search': { say: { query: string }; get: Sticker[] };
  /** Stickers that are offered while somebody writes an emoji. */
  'stickers.suggested': { say: { emoji: string }; get: Sticker[] };
  /** One custom emoji by its id; undefined if there is no such one. */
  'stickers.emoji': { say: { id: string }; get: Sticker | undefined };
  /** What can be set beside the own name, or beside the title of a supergroup or channel. */
  'statuses.offered': { say: { peer: PeerId }; get: OfferedStatuses };
  /** Sets the emoji beside the own name, or beside the title of a supergroup or channel; none takes it away. */
  'statuses.set': { say: { peer: PeerId; emoji?: string; until?: UnixTime }; get: void };
  'effects.list': { say: void; get: Effect[] };
  /** The animation of an effect; undefined if there is no such one. */
  'effects.animation': { say: { id: string }; get: FileRef | undefined };
  /** What moves in the place of an emoji that stands alone. */
  'stickers.animated': { say: { emoji: string }; get: Sticker | undefined };
  /** The animations that together show how something falls, the lowest first. @param value 0 until it is known */
  'stickers.die': { say: { emoji: string; value: number }; get: Sticker[] };
}
