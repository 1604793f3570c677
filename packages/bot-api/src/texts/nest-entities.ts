import type { tl } from '@aerogram/tl';

import { compareEntities, sortEntities, type Span } from './marked-text.ts';

/** Entities that may overlap others, and are split where they do. */
const STYLES: ReadonlySet<tl.MessageEntity['_']> = new Set([
  'messageEntityBold', 'messageEntityItalic', 'messageEntityUnderline', 'messageEntityStrike', 'messageEntitySpoiler',
]);
/** So many entities are split where they overlap. Later ones would be cut off in the end. */
const SPLIT_MAX = 1000;

const endOf = ({ offset, length }: Span): number => offset + length;
const isCode = ({ _ }: tl.MessageEntity): boolean => _ === 'messageEntityCode' || _ === 'messageEntityPre';

/**
 * Makes entities such that of two that overlap one lies in the other, by the rules of the Bot API: of two links, mentions or pieces of code that
 * overlap only the first stays; quotes are not nested; nothing lies in code; styles of one kind that touch are one, and a style is split where it
 * overlaps the edge of something else.
 * @param sorted as {@link sortEntities} orders them, none of them empty
 * @see https://core.telegram.org/bots/api#formatting-options
 */
export function nestEntities(sorted: readonly tl.MessageEntity[]): tl.MessageEntity[] {
  if (sorted.length < 2) return [...sorted];
  const quotes = withoutOverlaps(sorted.filter(({ _ }) => _ === 'messageEntityBlockquote'));
  const parts = withoutOverlaps(sorted.filter(({ _ }) => !STYLES.has(_) && _ !== 'messageEntityBlockquote')).filter(fitsInto(quotes));
  const styles = [...STYLES].flatMap((kind) => mergeTouching(sorted.filter(({ _ }) => _ === kind)));
  const cut = styles.flatMap(pieces(quotes, parts));
  return splitCrossing(sortEntities([...quotes, ...parts, ...cut]).slice(0, SPLIT_MAX));
}

function withoutOverlaps(sorted: readonly tl.MessageEntity[]): tl.MessageEntity[] {
  let end = 0;
  return sorted.filter((entity) => {
    if (entity.offset < end) return false;
    end = endOf(entity);
    return true;
  });
}

/** Whether an entity lies in one of the quotes or apart from all. It is asked about entities in the order of their places. */
function fitsInto(quotes: readonly tl.MessageEntity[]): (entity: tl.MessageEntity) => boolean {
  let next = 0;
  return (entity) => {
    while (next < quotes.length && endOf(quotes[next]!) <= entity.offset) next++;
    const quote = quotes[next];
    if (quote === undefined || endOf(entity) <= quote.offset) return true;
    return quote.offset <= entity.offset && endOf(entity) <= endOf(quote);
  };
}

function mergeTouching(sorted: readonly tl.MessageEntity[]): tl.MessageEntity[] {
  const merged: tl.MessageEntity[] = [];
  for (const entity of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && entity.offset <= endOf(last)) last.length = Math.max(endOf(last), endOf(entity)) - last.offset;
    else merged.push({ ...entity });
  }
  return merged;
}

/** Cuts a style at the edges of quotes, links and code that it overlaps without containing them, and takes it away inside of code. */
function pieces(quotes: readonly tl.MessageEntity[], parts: readonly tl.MessageEntity[]): (style: tl.MessageEntity) => tl.MessageEntity[] {
  return (style) => {
    const code: tl.MessageEntity[] = [];
    const cuts = [style.offset, endOf(style)];
    for (const entity of [...overlapping(quotes, style), ...overlapping(parts, style)]) {
      if (isCode(entity)) code.push(entity);
      else if (contains(style, entity)) continue;
      cuts.push(...[entity.offset, endOf(entity)].filter((at) => at > style.offset && at < endOf(style)));
    }
    cuts.sort((a, b) => a - b);
    let next = 0;
    return cuts.slice(1).flatMap((end, index) => {
      const piece = { ...style, offset: cuts[index]!, length: end - cuts[index]! };
      while (next < code.length && endOf(code[next]!) <= piece.offset) next++;
      const isInCode = next < code.length && contains(code[next]!, piece);
      return piece.length === 0 || isInCode ? [] : [piece];
    });
  };
}

const contains = (outer: Span, inner: Span): boolean => outer.offset <= inner.offset && endOf(inner) <= endOf(outer);

/** Those of some entities, which are in order and do not overlap, that overlap a range. */
function overlapping(entities: readonly tl.MessageEntity[], range: Span): tl.MessageEntity[] {
  let low = 0;
  let high = entities.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(entities[middle]!) <= range.offset) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < entities.length && entities[end]!.offset < endOf(range)) end++;
  return entities.slice(low, end);
}

/** Splits each style that begins in another one and ends after it. */
function splitCrossing(sorted: readonly tl.MessageEntity[]): tl.MessageEntity[] {
  const queue = [...sorted];
  const open: tl.MessageEntity[] = [];
  for (let index = 0; index < queue.length; index++) {
    const entity = queue[index]!;
    while (open.length > 0 && endOf(open.at(-1)!) <= entity.offset) open.pop();
    const outer = open.at(-1);
    if (outer !== undefined && endOf(outer) < endOf(entity)) {
      const end = endOf(outer);
      const rest = { ...entity, offset: end, length: endOf(entity) - end };
      queue[index] = { ...entity, length: end - entity.offset };
      let place = index + 1;
      while (place < queue.length && compareEntities(rest, queue[place]!) >= 0) place++;
      queue.splice(place, 0, rest);
    }
    open.push(queue[index]!);
  }
  return queue;
}
