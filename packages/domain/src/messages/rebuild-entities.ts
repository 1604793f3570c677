import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import { isOneEmoji } from '../shared/index.ts';
import type { MentionAccess } from './mention-access.ts';

/** Maximum number of entities in a text. More are cut off, as on the official server. */
export const ENTITIES_MAX = 100;
/** Maximum length of a code block's language, in UTF-16 units. */
export const LANGUAGE_MAX = 64;
/** Maximum length of the URL of a text link, in UTF-16 units. */
export const URL_MAX = 2048;
/** Maximum size of all strings in the entities of one text together, in bytes. */
export const ENTITY_STRINGS_MAX_BYTES = 8 * 1024;

/** The kinds of entity that are stored. */
export type StoredEntity = Exclude<
  tl.MessageEntity,
  | tl.inputMessageEntityMentionName
  | tl.messageEntityUnknown
  | tl.messageEntityDiffInsert
  | tl.messageEntityDiffDelete
  | tl.messageEntityDiffReplace
>;

/** The range of an entity in a text, in UTF-16 units. */
interface Span {
  offset: number;
  length: number;
}

/** Maps an entity's range in the request to its range in the stored text; undefined if nothing of it remains. */
type Place = (raw: Span) => Span | undefined;

/**
 * Rebuilds a request's entities field by field, so that fields which are not listed here never get into a message. A mention by user id
 * stays only if the author may mention that user without an access hash. A custom emoji stays if the server has one with this id, and the entity covers exactly one plain emoji:
 * apps that cannot draw the custom one show the plain one.
 * @param text as it is stored
 * @param place throws for a range outside the text
 * @throws RpcError ENTITIES_TOO_LONG (a URL, a language or all strings together), and the errors of `mentions.accessMention`
 * @see https://core.telegram.org/api/entities
 */
export async function rebuildEntities(raws: readonly tl.MessageEntity[], { text, place }: { text: string; place: Place }, mentions: MentionAccess): Promise<StoredEntity[]> {
  const kept = raws.slice(0, ENTITIES_MAX);
  checkStrings(kept);
  const named = kept.flatMap((raw) => (raw._ === 'messageEntityMentionName' ? [raw.user_id] : []));
  const nameable = named.length === 0 ? undefined : await mentions.listNameable(named);
  const emojiIds = kept.flatMap((raw) => (raw._ === 'messageEntityCustomEmoji' ? [raw.document_id] : []));
  const known = emojiIds.length === 0 ? undefined : await mentions.listEmoji(emojiIds);
  const entities: StoredEntity[] = [];
  for (const raw of kept) {
    const span = place(raw);
    if (span === undefined) continue;
    const entity =
      raw._ === 'inputMessageEntityMentionName'
        ? ({ _: 'messageEntityMentionName', ...span, user_id: await mentions.accessMention(raw.user_id) } as const)
        : raw._ === 'messageEntityCustomEmoji'
          ? rebuildEmoji(raw, span, { text, known })
          : rebuildEntity(raw, span, nameable);
    if (entity !== undefined) entities.push(entity);
  }
  return entities;
}

function rebuildEmoji({ document_id }: tl.messageEntityCustomEmoji, { offset, length }: Span, { text, known }: { text: string; known: ReadonlySet<bigint> | undefined }): StoredEntity | undefined {
  return known?.has(document_id) === true && isOneEmoji(text.slice(offset, offset + length)) ? { _: 'messageEntityCustomEmoji', offset, length, document_id } : undefined;
}

function rebuildEntity(
  raw: Exclude<tl.MessageEntity, tl.inputMessageEntityMentionName | tl.messageEntityCustomEmoji>,
  { offset, length }: Span,
  nameable: ReadonlySet<bigint> | undefined,
): StoredEntity | undefined {
  switch (raw._) {
    case 'messageEntityBold':
    case 'messageEntityItalic':
    case 'messageEntityUnderline':
    case 'messageEntityStrike':
    case 'messageEntitySpoiler':
    case 'messageEntityCode':
    case 'messageEntityMention':
    case 'messageEntityHashtag':
    case 'messageEntityCashtag':
    case 'messageEntityBotCommand':
    case 'messageEntityUrl':
    case 'messageEntityEmail':
    case 'messageEntityPhone':
    case 'messageEntityBankCard':
      return { _: raw._, offset, length };
    case 'messageEntityPre':
      return { _: raw._, offset, length, language: cleanLine(raw.language) };
    case 'messageEntityTextUrl':
      return isUrlText(raw.url) ? { _: raw._, offset, length, url: raw.url } : undefined;
    case 'messageEntityBlockquote':
      return { _: raw._, offset, length, collapsed: raw.collapsed };
    case 'messageEntityFormattedDate': {
      const { relative, short_time, long_time, short_date, long_date, day_of_week, date } = raw;
      return { _: raw._, relative, short_time, long_time, short_date, long_date, day_of_week, offset, length, date };
    }
    case 'messageEntityMentionName':
      return nameable?.has(raw.user_id) === true ? { _: raw._, offset, length, user_id: raw.user_id } : undefined;
    case 'messageEntityUnknown':
    // Only the server creates these, in texts that it suggests.
    case 'messageEntityDiffInsert':
    case 'messageEntityDiffDelete':
    case 'messageEntityDiffReplace':
      return undefined;
  }
}

/** Whether the URL is a single line without white space, so that clients show the target of the link as it is. */
function isUrlText(url: string): boolean {
  return url !== '' && !/[\s\p{Cc}]/u.test(url);
}

function checkStrings(entities: readonly tl.MessageEntity[]): void {
  let bytes = 0;
  for (const entity of entities) {
    if (entity._ === 'messageEntityPre') {
      if (entity.language.length > LANGUAGE_MAX) throw rpcError('ENTITIES_TOO_LONG');
      bytes += Buffer.byteLength(entity.language);
    } else if (entity._ === 'messageEntityTextUrl') {
      if (entity.url.length > URL_MAX) throw rpcError('ENTITIES_TOO_LONG');
      bytes += Buffer.byteLength(entity.url);
    }
  }
  if (bytes > ENTITY_STRINGS_MAX_BYTES) throw rpcError('ENTITIES_TOO_LONG');
}
