import type { Peer, Poll, PollAnswer } from '../../protocol/index.ts';

/** Longest answer, in UTF-16 code units. */
export const ANSWER_LENGTH = 100;

/** Whether nobody votes in the polls of a chat any more, although they are shown: it is a basic group that the account has left, or that became a supergroup. Pure. */
export const isPast = (peer: Peer | undefined): boolean => peer?.kind === 'group' && peer.isMember === false;

/** Whether nobody can vote any more. Pure. @param now seconds since 1970 */
export const isClosedNow = ({ isClosed, closeDate }: Poll, now: number): boolean => isClosed === true || (closeDate !== undefined && closeDate <= now);

/** Whether the account has voted. Pure. */
export const hasVoted = ({ answers }: Poll): boolean => answers.some(({ isChosen }) => isChosen);

/** How many of those who have voted have chosen an answer, in percent; undefined while that is hidden. Pure. */
export function percentOf({ voters }: PollAnswer, total: number): number | undefined {
  if (voters === undefined) return undefined;
  return total === 0 ? 0 : Math.round((voters / total) * 100);
}

/** A number that is the same for the same text, and quite another one for another text. Pure. */
function numberOf(text: string): number {
  let number = 0;
  for (const unit of text) number = (Math.imul(number, 31) + unit.codePointAt(0)!) | 0;
  number = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  number = Math.imul(number ^ (number >>> 13), 0xc2b2ae35);
  return number ^ (number >>> 16);
}

/** The answers in the order in which one account sees them: each account its own, if they are to be shuffled. Pure. */
export function orderAnswers({ id, answers, isShuffled }: Poll, me: number | undefined): PollAnswer[] {
  if (!isShuffled) return answers;
  const placeOf = ({ option }: PollAnswer): number => numberOf(`${me} ${id} ${option}`);
  return answers.toSorted((first, second) => placeOf(first) - placeOf(second));
}
