import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import type { MentionAccess } from './mentions.ts';

/** Entities of a text beyond this many are cut off, as the official server does. */
export const ENTITIES_MAX = 100;
/** Longest programming language of a code block, in UTF-16 units. */
export const LANGUAGE_MAX = 64;
/** Longest URL behind a text, in UTF-16 units. */
export const URL_MAX = 2048;
/** Most bytes that the strings of all entities of one text take together. */
export const ENTITY_STRINGS_MAX_BYTES = 8 * 1024;

/** An entity as it is stored. */
export type StoredEntity = Exclude<
  tl.MessageEntity,
  | tl.inputMessageEntityMentionName
  | tl.messageEntityUnknown
  | tl.messageEntityCustomEmoji
  | tl.messageEntityDiffInsert
  | tl.messageEntityDiffDelete
  | tl.messageEntityDiffReplace
>;

/** Where an entity stands in a text, in UTF-16 units. */
interface Span {
  offset: number;
  length: number;
}

/** Where an entity of the request stands in the stored text; undefined where nothing of it is left. */
type Place = (raw: Span) => Span | undefined;

/**
 * Builds the entities that are stored from those of a request, field by field: nothing that is not named here gets into a message.
 * A mention by id stays only where the author may name that user without an access hash. Custom emoji are left out, because this server
 * has none: the plain emoji stands in the text.
 * @param place throws for bounds that lie outside the text
 * @throws RpcError ENTITIES_TOO_LONG (a URL, a language or all of them together), and as `mentions.accessMention`
 * @see https://core.telegram.org/api/entities
 */
export async function rebuildEntities(raws: readonly tl.MessageEntity[], place: Place, mentions: MentionAccess): Promise<StoredEntity[]> {
  const kept = raws.slice(0, ENTITIES_MAX);
  checkStrings(kept);
  const named = kept.flatMap((raw) => (raw._ === 'messageEntityMentionName' ? [raw.user_id] : []));
  const nameable = named.length === 0 ? undefined : await mentions.listNameable(named);
  const entities: StoredEntity[] = [];
  for (const raw of kept) {
    const span = place(raw);
    if (span === undefined) continue;
    const entity =
      raw._ === 'inputMessageEntityMentionName'
        ? ({ _: 'messageEntityMentionName', ...span, user_id: await mentions.accessMention(raw.user_id) } as const)
        : rebuildEntity(raw, span, nameable);
    if (entity !== undefined) entities.push(entity);
  }
  return entities;
}

/** Pure. */
function rebuildEntity(
  raw: Exclude<tl.MessageEntity, tl.inputMessageEntityMentionName>,
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
    case 'messageEntityCustomEmoji':
    case 'messageEntityUnknown':
    // The server alone writes these, into texts that it proposes.
    case 'messageEntityDiffInsert':
    case 'messageEntityDiffDelete':
    case 'messageEntityDiffReplace':
      return undefined;
  }
}

/** What clients show as the target of a link: one line without white space. */
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
