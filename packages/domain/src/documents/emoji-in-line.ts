import type { tl } from '@aerogram/tl';

import { isOneEmoji } from '../shared/index.ts';

/** Custom emoji that a text of one line may have; more are cut off. */
const EMOJI_MAX = 100;
/** Texts that were longer as they were sent, in UTF-16 units, lose their custom emoji: most of them is white space. */
const SENT_MAX = 4096;

/** The custom emoji that texts of one line name, as many as they may have. Pure. */
export function emojiIdsIn(texts: Iterable<tl.textWithEntities>): bigint[] {
  return Array.from(texts).flatMap(({ entities }) => entities.slice(0, EMOJI_MAX).flatMap((entity) => (entity._ === 'messageEntityCustomEmoji' ? [entity.document_id] : [])));
}

/** Where a part of a text stands the n-th time; -1 if it does not stand there so often. */
function findNth(text: string, part: string, n: number): number {
  let at = text.indexOf(part);
  for (let i = 0; i < n && at !== -1; i++) at = text.indexOf(part, at + part.length);
  return at;
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

/**
 * Rebuilds a text of one line, such as a question, in which only custom emoji are allowed. Pure.
 * @param clean the text as it is stored: only white space and marks may have gone
 * @param known the custom emoji that the server has, of those that the text names
 */
export function withEmoji({ text, entities }: tl.textWithEntities, clean: string, known: ReadonlySet<bigint>): tl.textWithEntities {
  const given = text.length > SENT_MAX ? [] : entities.slice(0, EMOJI_MAX);
  const kept = given.flatMap((entity): tl.messageEntityCustomEmoji[] => {
    if (entity._ !== 'messageEntityCustomEmoji' || entity.offset < 0 || !known.has(entity.document_id)) return [];
    const emoji = text.slice(entity.offset, entity.offset + entity.length);
    if (!isOneEmoji(emoji)) return [];
    const offset = findNth(clean, emoji, countOf(text.slice(0, entity.offset), emoji));
    return offset === -1 ? [] : [{ _: 'messageEntityCustomEmoji', offset, length: emoji.length, document_id: entity.document_id }];
  });
  return { _: 'textWithEntities', text: clean, entities: kept.toSorted((a, b) => a.offset - b.offset) };
}
