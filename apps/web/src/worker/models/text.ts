import type { tl } from '@mtcute/core';
import Long from 'long';
import type { EntityKind, TextEntity } from '../../protocol/index.ts';

/** Kinds that consist of offset and length alone. */
const PLAIN: Partial<Record<tl.TypeMessageEntity['_'], EntityKind>> = {
  messageEntityBold: 'bold',
  messageEntityItalic: 'italic',
  messageEntityUnderline: 'underline',
  messageEntityStrike: 'strike',
  messageEntitySpoiler: 'spoiler',
  messageEntityCode: 'code',
  messageEntityUrl: 'url',
  messageEntityEmail: 'email',
  messageEntityPhone: 'phone',
  messageEntityMention: 'mention',
  messageEntityHashtag: 'hashtag',
  messageEntityCashtag: 'cashtag',
  messageEntityBotCommand: 'botCommand',
  messageEntityBankCard: 'bankCard',
};

function readEntity(entity: tl.TypeMessageEntity): TextEntity | undefined {
  const { offset, length } = entity;
  const plain = PLAIN[entity._];
  if (plain !== undefined) return { kind: plain, offset, length };
  switch (entity._) {
    case 'messageEntityPre':
      return { kind: 'pre', offset, length, ...(entity.language === '' ? {} : { language: entity.language }) };
    case 'messageEntityTextUrl':
      return { kind: 'link', offset, length, url: entity.url };
    case 'messageEntityCustomEmoji':
      return { kind: 'customEmoji', offset, length, emoji: entity.documentId.toString() };
    case 'messageEntityMentionName':
      return { kind: 'userMention', offset, length, user: entity.userId };
    case 'messageEntityBlockquote':
      return { kind: 'blockquote', offset, length, ...(entity.collapsed ? { isCollapsed: true } : {}) };
    default:
      // A kind that this client does not know leaves the text as it is.
      return undefined;
  }
}

/** Reads the formatting of a text. Pure. @returns undefined if there is none */
export function readEntities(entities: tl.TypeMessageEntity[] | undefined): TextEntity[] | undefined {
  const known = entities?.map(readEntity).filter((entity) => entity !== undefined) ?? [];
  return known.length === 0 ? undefined : known;
}

/** Whether a text has a hashtag or cashtag, in small or capital letters. Pure. */
export function hasTag({ text, entities = [] }: { text: string; entities?: TextEntity[] }, tag: string): boolean {
  const wanted = tag.toLowerCase();
  return entities.some(({ kind, offset, length }) => (kind === 'hashtag' || kind === 'cashtag') && text.slice(offset, offset + length).toLowerCase() === wanted);
}

const CONSTRUCTORS = new Map(Object.entries(PLAIN).map(([constructor, kind]) => [kind, constructor as tl.TypeMessageEntity['_']]));
/** What the server finds in a text by itself. */
const FOUND_BY_SERVER: ReadonlySet<EntityKind> = new Set(['url', 'email', 'phone', 'mention', 'hashtag', 'cashtag', 'botCommand', 'bankCard']);

/** Writes the formatting that a person chose, for the server. Pure. @param inputUser names the person of a mention; undefined leaves the mention out */
export function writeEntities(entities: readonly TextEntity[], inputUser: (user: number) => tl.TypeInputUser | undefined): tl.TypeMessageEntity[] {
  return entities.flatMap((entity): tl.TypeMessageEntity[] => {
    const { kind, offset, length } = entity;
    if (FOUND_BY_SERVER.has(kind)) return [];
    switch (kind) {
      case 'pre':
        return [{ _: 'messageEntityPre', offset, length, language: entity.language ?? '' }];
      case 'customEmoji':
        return entity.emoji === undefined ? [] : [{ _: 'messageEntityCustomEmoji', offset, length, documentId: Long.fromString(entity.emoji) }];
      case 'link':
        return entity.url === undefined ? [] : [{ _: 'messageEntityTextUrl', offset, length, url: entity.url }];
      case 'userMention': {
        const userId = entity.user === undefined ? undefined : inputUser(entity.user);
        return userId === undefined ? [] : [{ _: 'inputMessageEntityMentionName', offset, length, userId }];
      }
      case 'blockquote':
        return [{ _: 'messageEntityBlockquote', offset, length, collapsed: entity.isCollapsed ?? false }];
      default:
        return [{ _: CONSTRUCTORS.get(kind), offset, length } as tl.TypeMessageEntity];
    }
  });
}
