import { type MarkedText, sortEntities } from './marked-text.ts';

/**
 * Takes the carriage returns out of a text, as the official server does, and moves its entities accordingly. Those that contain nothing else are
 * dropped. Without this, the server would replace them by spaces.
 */
export function withoutCarriageReturns({ text, entities }: MarkedText): MarkedText {
  if (!text.includes('\r')) return { text, entities };
  const places = [...text.matchAll(/\r/g)].map(({ index }) => index);

  // Where a place of the text is after that.
  const moved = (at: number): number => at - countBelow(places, at);
  const kept = entities.flatMap((entity) => {
    const offset = moved(entity.offset);
    const length = moved(entity.offset + entity.length) - offset;
    return length === 0 ? [] : [{ ...entity, offset, length }];
  });
  return { text: text.replaceAll('\r', ''), entities: sortEntities(kept) };
}

/** How many of the numbers, which are in order, are less than a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
