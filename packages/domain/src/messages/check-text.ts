import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isVisibleText } from '../visible-text.ts';
import { detectEntities } from './detect-entities.ts';

/** Longest text of a message in UTF-16 units; the clients learn it from help.getConfig (`message_length_max`). */
export const MESSAGE_LENGTH_MAX = 4096;
/** Longest text under media; the clients learn it from help.getAppConfig (`caption_length_limit_default`). */
export const CAPTION_LENGTH_MAX = 1024;
/** Entities beyond this many are cut off, as the official server does. */
const ENTITIES_MAX = 100;

export interface FormattedText {
  text: string;
  entities: tl.MessageEntity[];
}

type StoredEntity = Exclude<tl.MessageEntity, tl.inputMessageEntityMentionName>;

/**
 * Turns a client's text and entities into what is stored: control characters become spaces, the ends are trimmed and
 * entities move with them, are cut to the text, sorted, and mentions by inputUser become mentions by id. What clients leave
 * to the server (links, @names, #tags …) is found.
 * @param accessMention checks a mention's inputUser and gives its id; throws when the caller may not name that user
 * @throws MESSAGE_EMPTY, MESSAGE_TOO_LONG (over 4096 UTF-16 units), ENTITY_BOUNDS_INVALID
 * @see https://core.telegram.org/api/entities
 */
export async function normalizeText(
  rawText: string,
  rawEntities: readonly tl.MessageEntity[] | undefined,
  accessMention: (user: tl.InputUser) => Promise<bigint>,
): Promise<FormattedText> {
  // Same length as before, so that offsets stay true.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = rawText.replaceAll(/[\u0000-\u0008\u000b-\u001f\u2028\u2029]/g, ' ');
  const start = clean.length - clean.trimStart().length;
  const text = clean.trim();
  if (!isVisibleText(text)) throw rpcError('MESSAGE_EMPTY');
  if (text.length > MESSAGE_LENGTH_MAX) throw rpcError('MESSAGE_TOO_LONG');
  if (rawEntities === undefined || rawEntities.length === 0) return { text, entities: sortEntities(detectEntities(text, [], ENTITIES_MAX)) };

  const entities: StoredEntity[] = [];
  for (const raw of rawEntities.slice(0, ENTITIES_MAX)) {
    if (raw.offset < 0 || raw.length < 0 || raw.offset + raw.length > clean.length) throw rpcError('ENTITY_BOUNDS_INVALID');
    if (splitsSurrogatePair(clean, raw.offset) || splitsSurrogatePair(clean, raw.offset + raw.length)) {
      throw rpcError('ENTITY_BOUNDS_INVALID');
    }
    const offset = Math.max(raw.offset - start, 0);
    const end = Math.min(raw.offset + raw.length - start, text.length);
    if (end <= offset || raw._ === 'messageEntityUnknown') continue;
    const entity: StoredEntity =
      raw._ === 'inputMessageEntityMentionName'
        ? { _: 'messageEntityMentionName', offset: raw.offset, length: raw.length, user_id: await accessMention(raw.user_id) }
        : raw;
    entities.push({ ...entity, offset, length: end - offset });
  }
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
  accessMention: (user: tl.InputUser) => Promise<bigint>,
): Promise<FormattedText> {
  if (!isVisibleText(rawText)) return { text: '', entities: [] };
  if (rawText.trim().length > CAPTION_LENGTH_MAX) throw rpcError('MEDIA_CAPTION_TOO_LONG');
  return normalizeText(rawText, rawEntities, accessMention);
}

function sortEntities(entities: StoredEntity[]): StoredEntity[] {
  return entities.length < 2 ? entities : entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function splitsSurrogatePair(text: string, at: number): boolean {
  if (at === 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
