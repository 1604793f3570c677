import type { EntrantPage } from '../../protocol/index.ts';

/** People who are listed at most. Older ones follow when newer requests were decided. */
const ROWS_MAX = 400;

/** Adds the page that follows to a list. Pure. */
export function appendEntrants(known: EntrantPage, page: EntrantPage): EntrantPage {
  const people = [...known.people, ...page.people];
  return { people, next: people.length < ROWS_MAX ? page.next : undefined };
}

/** Puts the first page, loaded anew, in the place of what it shows of a list that was scrolled through: what follows it stays. Pure. */
export function replaceFirst(known: EntrantPage, first: EntrantPage): EntrantPage {
  const last = first.people.at(-1);
  if (first.next === undefined || last === undefined) return first;
  const isBehind = ({ peer, date }: EntrantPage['people'][number]): boolean => date < last.date || (date === last.date && !first.people.some((one) => one.peer === peer));
  const behind = known.people.filter(isBehind);
  return behind.length === 0 ? first : { people: [...first.people, ...behind], next: known.next };
}
