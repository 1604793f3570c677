import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { parseEmojiId } from '../texts/links.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/**
 * The reactions in the parameter `reaction`; none if it is absent. How many there may be, and which, is checked where they are stored.
 * @throws BotError 400 `can't parse reaction types JSON object`, `expected an Array of ReactionType`, `can't parse ReactionType: …`
 */
export function readReactions(params: Pick<Params<'reaction'>, 'json'>): tl.Reaction[] {
  const value = params.json('reaction', 'reaction types') ?? [];
  if (!Array.isArray(value)) throw badRequest('expected an Array of ReactionType');
  return value.map(readReaction);
}

function readReaction(value: unknown): tl.Reaction {
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse ReactionType: ");
  if (!isJsonObject(value)) throw fields.error('expected an Object');
  switch (fields.neededText('type')) {
    case 'emoji':
      return { _: 'reactionEmoji', emoticon: fields.neededText('emoji') };
    case 'custom_emoji': {
      const id = parseEmojiId(fields.neededText('custom_emoji_id'));
      if (id === undefined) throw fields.error('invalid custom emoji identifier specified');
      return { _: 'reactionCustomEmoji', document_id: id };
    }
    case 'paid':
      return { _: 'reactionPaid' };
    default:
      throw fields.error('invalid reaction type specified');
  }
}
