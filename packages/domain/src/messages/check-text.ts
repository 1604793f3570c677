import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isLongerThan, isVisibleText, removeMarks, removeMarksBetween } from '../shared/index.ts';
import { detectEntities } from './detect-entities.ts';
import type { MentionAccess } from './mention-access.ts';
import { ENTITIES_MAX, rebuildEntities, type StoredEntity } from './rebuild-entities.ts';

/** Maximum length of a message's text in characters ({@link isLongerThan}); sent to clients in help.getConfig (`message_length_max`). */
export const MESSAGE_LENGTH_MAX = 4096;
/** Maximum length of a message's text in UTF-16 units: all of its characters may have two. */
export const MESSAGE_UNITS_MAX = 2 * MESSAGE_LENGTH_MAX;
/** Maximum length of a caption in characters; sent to clients in help.getAppConfig (`caption_length_limit_default`). */
export const CAPTION_LENGTH_MAX = 1024;

/** A text with its entities, in the form that is stored. */
export interface FormattedText {
  text: string;
  entities: tl.MessageEntity[];
}

/**
 * Normalises a client's text and entities for storage. It replaces control characters and lone surrogates with spaces, removes marks that disturb ({@link removeMarks}), trims the text and moves the
 * entities accordingly, clips entities to the text, rebuilds and sorts them, and detects the entities that clients leave to the server (links,
 * @names, #tags …).
 * @throws RpcError MESSAGE_EMPTY, MESSAGE_TOO_LONG (over 4096 characters), ENTITY_BOUNDS_INVALID, and the errors of {@link
 * rebuildEntities}
 * @returns at once for a text without entities
 * @see https://core.telegram.org/api/entities
 */
export function normalizeText(
  rawText: string,
  rawEntities: readonly tl.MessageEntity[] | undefined,
  mentions: MentionAccess,
): FormattedText | Promise<FormattedText> {
  // Each replacement keeps the length, so the offsets of entities stay valid.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const plain = rawText.replaceAll(/[\u0000-\u0008\u000b-\u001f\p{Cs}]/gu, ' ');
  const { text: clean, placeOf } = removeMarksBetween(plain, rawEntities?.flatMap(({ offset, length }) => [offset, offset + length]) ?? []);
  const start = clean.length - clean.trimStart().length;
  const text = clean.trim();
  if (!isVisibleText(text)) throw rpcError('MESSAGE_EMPTY');
  if (isLongerThan(text, MESSAGE_LENGTH_MAX)) throw rpcError('MESSAGE_TOO_LONG');
  if (rawEntities === undefined || rawEntities.length === 0) return { text, entities: withDetected(text, []) };
  const move = ({ offset, length }: Pick<tl.MessageEntity, 'offset' | 'length'>): Pick<tl.MessageEntity, 'offset' | 'length'> | undefined => {
    checkBounds(plain, offset, length);
    const from = Math.max(placeOf(offset) - start, 0);
    const end = Math.min(placeOf(offset + length) - start, text.length);
    return end <= from ? undefined : { offset: from, length: end - from };
  };
  return rebuildEntities(rawEntities, { text, place: move }, mentions).then((entities) => ({ text, entities: withDetected(text, entities) }));
}

/** The entities of a text together with those that are detected in it. Pure. @param entities at most {@link ENTITIES_MAX}, as they are stored */
export function withDetected(text: string, entities: readonly StoredEntity[]): StoredEntity[] {
  return sortEntities([...entities, ...detectEntities(text, entities, ENTITIES_MAX - entities.length)]);
}

/**
 * Same as {@link normalizeText} for a media caption, which may be empty.
 * @throws RpcError MEDIA_CAPTION_TOO_LONG (over 1024 characters), and the errors of {@link normalizeText} except MESSAGE_EMPTY
 */
export async function normalizeCaption(
  rawText: string,
  rawEntities: readonly tl.MessageEntity[] | undefined,
  mentions: MentionAccess,
): Promise<FormattedText> {
  if (!isVisibleText(rawText)) return { text: '', entities: [] };
  if (isLongerThan(removeMarks(rawText).trim(), CAPTION_LENGTH_MAX)) throw rpcError('MEDIA_CAPTION_TOO_LONG');
  return normalizeText(rawText, rawEntities, mentions);
}

function sortEntities(entities: StoredEntity[]): StoredEntity[] {
  return entities.length < 2 ? entities : entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

/**
 * Checks that an entity lies within the text and splits no surrogate pair.
 * @throws RpcError ENTITY_BOUNDS_INVALID
 */
function checkBounds(text: string, offset: number, length: number): void {
  const isInside = offset >= 0 && length >= 0 && offset + length <= text.length;
  if (!isInside || splitsSurrogatePair(text, offset) || splitsSurrogatePair(text, offset + length)) throw rpcError('ENTITY_BOUNDS_INVALID');
}

function splitsSurrogatePair(text: string, at: number): boolean {
  if (at === 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
