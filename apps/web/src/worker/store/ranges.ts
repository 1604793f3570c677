import type { MessageId } from '../../protocol/index.ts';

/** All messages of a chat with `from <= id <= to` are known; beyond it nothing is known. */
export interface Range {
  from: MessageId;
  to: MessageId;
}

/** Adds a range, and joins those that touch. Pure. @returns the ranges in ascending order */
export function addRange(ranges: readonly Range[], added: Range): Range[] {
  const apart = ranges.filter(({ from, to }) => to < added.from - 1 || from > added.to + 1);
  const joined = ranges.filter((range) => !apart.includes(range));
  const all = [...joined, added];
  const whole = { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
  return [...apart, whole].sort((first, second) => first.from - second.from);
}

/** The range that holds an id. Pure. */
export function rangeAt(ranges: readonly Range[], id: MessageId): Range | undefined {
  return ranges.find(({ from, to }) => from <= id && id <= to);
}

/**
 * Notes that the newest message of a chat came. Pure.
 * @param previousTop id of the newest message before it, which must be right: the ids between the two belong to no message of this chat
 */
export function extendTop(ranges: readonly Range[], previousTop: MessageId, id: MessageId): Range[] {
  const from = rangeAt(ranges, previousTop) === undefined ? id : previousTop;
  return addRange(ranges, { from, to: id });
}

/** Forgets what is known below an id. Pure. */
export function cutRanges(ranges: readonly Range[], from: MessageId): Range[] {
  return ranges.filter(({ to }) => to >= from).map((range) => ({ ...range, from: Math.max(range.from, from) }));
}
