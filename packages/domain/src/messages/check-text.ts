import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isVisibleText } from '../shared/index.ts';
import { detectEntities } from './detect-entities.ts';
import type { MentionAccess } from './mentions.ts';
import { ENTITIES_MAX, rebuildEntities, type StoredEntity } from './rebuild-entities.ts';

/** Longest text of a message in UTF-16 units; the clients learn it from help.getConfig (`message_length_max`). */
export const MESSAGE_LENGTH_MAX = 4096;
/** Longest text under media; the clients learn it from help.getAppConfig (`caption_length_limit_default`). */
export const CAPTION_LENGTH_MAX = 1024;

/** A text as it is stored. */
export interface FormattedText {
  text: string;
  entities: tl.MessageEntity[];
}

/**
 * Turns a client's text and entities into what is stored: replaces control characters by spaces, trims the ends and moves the entities with
 * them, cuts entities to the text, rebuilds and sorts them, and detects what clients leave to the server (links, @names, #tags …).
 * @throws RpcError MESSAGE_EMPTY, MESSAGE_TOO_LONG (over 4096 UTF-16 units), ENTITY_BOUNDS_INVALID, and as {@link rebuildEntities}
 * @see https://core.telegram.org/api/entities
 */
export async function normalizeText(
  rawText: string,
  rawEntities: readonly tl.MessageEntity[] | undefined,
  mentions: MentionAccess,
): Promise<FormattedText> {
  // Same length as before, so that offsets stay true.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = rawText.replaceAll(/[\u0000-\u0008\u000b-\u001f\u2028\u2029]/g, ' ');
  const start = clean.length - clean.trimStart().length;
  const text = clean.trim();
  if (!isVisibleText(text)) throw rpcError('MESSAGE_EMPTY');
  if (text.length > MESSAGE_LENGTH_MAX) throw rpcError('MESSAGE_TOO_LONG');
  if (rawEntities === undefined || rawEntities.length === 0) return { text, entities: sortEntities(detectEntities(text, [], ENTITIES_MAX)) };

  const entities = await rebuildEntities(
    rawEntities,
    ({ offset, length }) => {
      checkBounds(clean, offset, length);
      const from = Math.max(offset - start, 0);
      const end = Math.min(offset + length - start, text.length);
      return end <= from ? undefined : { offset: from, length: end - from };
    },
    mentions,
  );
  entities.push(...detectEntities(text, entities, ENTITIES_MAX - entities.length));
  return { text, entities: sortEntities(entities) };
}

/**
 * As {@link normalizeText}, for the words under media: there may be none.
 * @throws MEDIA_CAPTION_TOO_LONG (over 1024 UTF-16 units), ENTITY_BOUNDS_INVALID
 */
export async function normalizeCaption(
  rawText: string,
  rawEntities: readonly tl.MessageEntity[] | undefined,
  mentions: MentionAccess,
): Promise<FormattedText> {
  if (!isVisibleText(rawText)) return { text: '', entities: [] };
  if (rawText.trim().length > CAPTION_LENGTH_MAX) throw rpcError('MEDIA_CAPTION_TOO_LONG');
  return normalizeText(rawText, rawEntities, mentions);
}

function sortEntities(entities: StoredEntity[]): StoredEntity[] {
  return entities.length < 2 ? entities : entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

/** @throws RpcError ENTITY_BOUNDS_INVALID */
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
