import type { tl } from '@aerogram/tl';

import { formatDateFlags } from './date-format.ts';

/** A MessageEntity of the Bot API. @see https://core.telegram.org/bots/api#messageentity */
export interface EntityObject {
  type: string;
  offset: number;
  length: number;
  url?: string;
  user?: object;
  language?: string;
  custom_emoji_id?: string;
  unix_time?: number;
  date_time_format?: string;
}

/**
 * The array of MessageEntity for the entities of a text, in their order. What the Bot API does not know, such as numbers of bank cards, is left
 * out.
 * @param userOf the User object of a mentioned user; undefined for an unknown one, whose mention is left out
 */
export function projectEntities(entities: readonly tl.MessageEntity[], userOf: (userId: bigint) => object | undefined): EntityObject[] {
  return entities.flatMap((entity) => {
    const { offset, length } = entity;
    const own = ownFields(entity, userOf);
    return own === undefined ? [] : [{ offset, length, ...own }];
  });
}

function ownFields(entity: tl.MessageEntity, userOf: (userId: bigint) => object | undefined): Omit<EntityObject, 'offset' | 'length'> | undefined {
  switch (entity._) {
    case 'messageEntityMention':
      return { type: 'mention' };
    case 'messageEntityHashtag':
      return { type: 'hashtag' };
    case 'messageEntityCashtag':
      return { type: 'cashtag' };
    case 'messageEntityBotCommand':
      return { type: 'bot_command' };
    case 'messageEntityUrl':
      return { type: 'url' };
    case 'messageEntityEmail':
      return { type: 'email' };
    case 'messageEntityPhone':
      return { type: 'phone_number' };
    case 'messageEntityBold':
      return { type: 'bold' };
    case 'messageEntityItalic':
      return { type: 'italic' };
    case 'messageEntityUnderline':
      return { type: 'underline' };
    case 'messageEntityStrike':
      return { type: 'strikethrough' };
    case 'messageEntitySpoiler':
      return { type: 'spoiler' };
    case 'messageEntityBlockquote':
      return { type: entity.collapsed === true ? 'expandable_blockquote' : 'blockquote' };
    case 'messageEntityCode':
      return { type: 'code' };
    case 'messageEntityPre':
      return entity.language === '' ? { type: 'pre' } : { type: 'pre', language: entity.language };
    case 'messageEntityTextUrl':
      return { type: 'text_link', url: entity.url };
    case 'messageEntityMentionName': {
      const user = userOf(entity.user_id);
      return user && { type: 'text_mention', user };
    }
    case 'messageEntityCustomEmoji':
      return { type: 'custom_emoji', custom_emoji_id: String(entity.document_id) };
    case 'messageEntityFormattedDate':
      return { type: 'date_time', unix_time: entity.date, date_time_format: formatDateFlags(entity) };
    case 'messageEntityBankCard':
    case 'messageEntityUnknown':
    case 'inputMessageEntityMentionName':
    case 'messageEntityDiffInsert':
    case 'messageEntityDiffDelete':
    case 'messageEntityDiffReplace':
      return undefined;
  }
}
