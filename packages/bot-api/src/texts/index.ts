import type { tl } from '@aerogram/tl';

/**
 * The entities of a text as MessageEntity objects.
 * @param userOf makes the User object of somebody whose name is mentioned
 */
export function projectEntities(entities: readonly tl.MessageEntity[], userOf: (id: bigint) => object): object[] {
  return entities.flatMap((entity): object[] => {
    const { offset, length } = entity;
    if (entity._ === 'messageEntityMentionName') return [{ type: 'text_mention', offset, length, user: userOf(entity.user_id) }];
    if (entity._ === 'messageEntityTextUrl') return [{ type: 'text_link', offset, length, url: entity.url }];
    return entity._ === 'messageEntityBold' ? [{ type: 'bold', offset, length }] : [];
  });
}
