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
  const fixed = sortEntities([...quotes, ...parts]).slice(0, SPLIT_MAX);
  const cut = sortEntities(styles).slice(0, SPLIT_MAX).flatMap(pieces(fixed));
  return splitCrossing(sortEntities([...fixed, ...cut]).slice(0, SPLIT_MAX));
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
function pieces(fixed: readonly tl.MessageEntity[]): (style: tl.MessageEntity) => tl.MessageEntity[] {
  const code = fixed.filter(isCode);
  const others = fixed.filter((entity) => !isCode(entity));
  return (style) => {
    const apart = code.filter((entity) => overlap(entity, style));
    const edges = others.filter((entity) => overlap(entity, style) && !contains(style, entity)).flatMap((entity) => [entity.offset, endOf(entity)]);
    const cuts = [style.offset, endOf(style), ...edges, ...apart.flatMap((entity) => [entity.offset, endOf(entity)])]
      .filter((at) => at >= style.offset && at <= endOf(style))
      .sort((a, b) => a - b);
    return cuts.slice(1).flatMap((end, index) => {
      const piece = { ...style, offset: cuts[index]!, length: end - cuts[index]! };
      return piece.length === 0 || apart.some((entity) => contains(entity, piece)) ? [] : [piece];
    });
  };
}

const overlap = (a: Span, b: Span): boolean => a.offset < endOf(b) && b.offset < endOf(a);
const contains = (outer: Span, inner: Span): boolean => outer.offset <= inner.offset && endOf(inner) <= endOf(outer);

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
      const place = queue.findIndex((other, at) => at > index && compareEntities(rest, other) < 0);
      queue.splice(place < 0 ? queue.length : place, 0, rest);
    }
    open.push(queue[index]!);
  }
  return queue;
}
