import { defineStatement, type Queries } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BotSight, botSightOf, type SightMember } from '../chats/index.ts';

/** A bot that is a member of a group. */
export interface GroupBot extends BotSight {
  /** Its usernames, in lower case. */
  names: readonly string[];
}

/** A message of a group, as far as it decides for which bots it is meant. */
export interface AddressingMessage {
  authorId: bigint;
  text: string;
  entities: readonly tl.MessageEntity[];
  /** A forwarded message names nobody anew. */
  isForward: boolean;
  /** The bot by whose inline results it was made. */
  viaBotId?: bigint | undefined;
}

/** The message that is replied to. */
export interface AddressingTarget {
  authorId: bigint;
  /** The bots for which it was meant. */
  meantFor: readonly bigint[];
}

/**
 * The bots of a group for which a message is meant, so that they see it in privacy mode: those that it names by `/command@bot` or `@bot`, the one by whose inline
 * results it was made, the author of the message that it replies to, and the bots for which that was meant. A command that names no bot is meant for the bot that
 * wrote last; for all bots while none has. The messages of bots are meant for no bot. Pure.
 * @param bots.lastBotId the bot that wrote last; null if none has
 */
export function addressedBots(message: AddressingMessage, target: AddressingTarget | undefined, { bots, lastBotId }: { bots: readonly GroupBot[]; lastBotId: bigint | null }): bigint[] {
  if (bots.some((bot) => bot.botId === message.authorId)) return [];
  const ids = new Set<bigint | undefined>([message.viaBotId, target?.authorId, ...(target?.meantFor ?? [])]);
  const names = new Set<string>();
  let isBareCommand = false;
  for (const entity of message.isForward ? [] : message.entities) {
    const said = message.text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
    if (entity._ === 'messageEntityMentionName') ids.add(entity.user_id);
    else if (entity._ === 'messageEntityMention') names.add(said.slice(1));
    else if (entity._ === 'messageEntityBotCommand') {
      const at = said.indexOf('@');
      if (at >= 0) names.add(said.slice(at + 1));
      else if (entity.offset === 0) isBareCommand = true;
    }
  }
  const isOpen = isBareCommand && !bots.some((bot) => bot.botId === lastBotId);
  return bots.filter(({ botId, names: own }) => isOpen || ids.has(botId) || (isBareCommand && botId === lastBotId) || own.some((name) => names.has(name))).map((bot) => bot.botId);
}

/** Whether a message may be meant for a bot at all, so that the bots of its group have to be known. Pure. */
export function mayAddress({ entities, viaBotId }: Pick<AddressingMessage, 'entities' | 'viaBotId'>, isReply: boolean): boolean {
  return isReply || viaBotId !== undefined || entities.some(({ _ }) => _ === 'messageEntityBotCommand' || _ === 'messageEntityMention' || _ === 'messageEntityMentionName');
}

interface BotRow extends SightMember {
  id: bigint;
  names: string[];
}

const namesOf = "COALESCE((SELECT array_agg(u.name) FROM usernames u WHERE u.peer_id = m.user_id AND u.confirmed), '{}') AS names";

const listBots = {
  chat: defineStatement<BotRow>(
    'list_group_bots',
    `SELECT m.chat_id AS id, m.user_id, m.role, m.all_from, ${namesOf} FROM chat_members m WHERE m.chat_id = ANY ($1::bigint[]) AND m.status = 'member' AND m.all_from IS NOT NULL ORDER BY m.user_id`,
  ),
  channel: defineStatement<BotRow>(
    'list_channel_bots',
    `SELECT m.channel_id AS id, m.user_id, m.role, m.all_from, ${namesOf} FROM channel_members m WHERE m.channel_id = ANY ($1::bigint[]) AND m.status = 'member' AND m.all_from IS NOT NULL ORDER BY m.user_id`,
  ),
};

/** Lists the bots that are members of groups, by the id of the group. @param ids as TL has them, not marked */
export async function listGroupBots(reader: Pick<Queries, 'run'>, kind: 'chat' | 'channel', ids: readonly bigint[]): Promise<Map<bigint, GroupBot[]>> {
  const found = new Map<bigint, GroupBot[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const { rows } = await reader.run(listBots[kind], [ids]);
  for (const row of rows) found.get(row.id)!.push({ ...botSightOf(row)!, names: row.names });
  return found;
}
