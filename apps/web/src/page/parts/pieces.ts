import type { TextEntity } from '../../protocol/index.ts';

/** A part of a formatted text: plain, or formatted around other parts. */
export type Piece = string | { entity: TextEntity; text: string; children: Piece[] };

/**
 * Cuts a text into nested parts. Entities that reach beyond the text are cut, and those that overlap others are split, so whatever a message says,
 * each character is drawn exactly once. Pure.
 */
export function pieces(text: string, entities: readonly TextEntity[]): Piece[] {
  const inside = entities
    .map((entity) => ({ ...entity, offset: Math.max(0, entity.offset), end: Math.min(text.length, entity.offset + entity.length) }))
    .filter(({ offset, end }) => end > offset)
    .sort((first, second) => first.offset - second.offset || second.end - first.end);
  return nest(text, { from: 0, to: text.length }, inside);
}

type Bounded = TextEntity & { end: number };

function nest(text: string, { from, to }: { from: number; to: number }, entities: Bounded[]): Piece[] {
  const found: Piece[] = [];
  let at = from;
  let waiting = entities;
  while (waiting.length > 0) {
    const [first, ...others] = waiting as [Bounded, ...Bounded[]];
    const end = Math.min(first.end, to);
    if (first.offset > at) found.push(text.slice(at, first.offset));
    const start = Math.max(first.offset, at);
    // What begins inside belongs inside; its part beyond the end comes after.
    const children = others.filter(({ offset }) => offset < end);
    const beyond = children.filter((child) => child.end > end).map((child) => ({ ...child, offset: end }));
    const { end: _end, ...entity } = first;
    found.push({ entity, text: text.slice(start, end), children: nest(text, { from: start, to: end }, children.map((child) => ({ ...child, end: Math.min(child.end, end) }))) });
    at = end;
    waiting = [...beyond, ...others.filter(({ offset }) => offset >= end)].sort((one, two) => one.offset - two.offset || two.end - one.end);
  }
  if (at < to) found.push(text.slice(at, to));
  return found;
}
