import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { findSetNames, projectSticker } from '../objects/sticker-object.ts';
import type { Params } from '../params/params.ts';

/** Maximum number of stickers of one call (core.telegram.org/bots/api#getcustomemojistickers). */
const IDS_MAX = 200;
/** The largest id that a custom emoji can have. */
const ID_MAX = 2n ** 63n - 1n;

export const getCustomEmojiStickers = defineBotMethod({
  method: 'getCustomEmojiStickers',
  params: ['custom_emoji_ids'],
  async run(call, params) {
    const found = await call.invoke({ _: 'messages.getCustomEmojiDocuments', document_id: readIds(params) });
    const documents = found.flatMap((document) => (document._ === 'document' ? [document] : []));
    const names = await findSetNames(call, documents);
    return documents.map((document) => projectSticker(call, document, names));
  },
});

function readIds(params: Pick<Params<'custom_emoji_ids'>, 'json'>): bigint[] {
  const value = params.json('custom_emoji_ids', 'custom emoji identifiers') ?? [];
  if (!Array.isArray(value)) throw badRequest('expected an Array of custom emoji identifiers');
  if (value.length > IDS_MAX) throw badRequest('too many custom emoji identifiers specified');
  return value.map((id: unknown) => {
    if (typeof id !== 'string') throw badRequest('custom emoji identifier must be of type String');
    if (!/^\d{1,19}$/.test(id) || BigInt(id) > ID_MAX) throw badRequest('invalid custom emoji identifier specified');
    return BigInt(id);
  });
}
