import type { tl } from '@aerogram/tl';

/** A poll in the form in which it is compared: without what not every way of learning of it tells. Pure. */
export function plainPoll(media: tl.messageMediaPoll): tl.messageMediaPoll {
  const { min, has_unread_votes, results = [], total_voters, solution } = media.results;
  return { ...media, poll: { ...media.poll, hash: 0n }, results: { _: 'pollResults', min, has_unread_votes, results: results.map(plainAnswer), total_voters, solution } };
}

function plainAnswer({ option, chosen, correct, voters }: tl.pollAnswerVoters): tl.pollAnswerVoters {
  return { _: 'pollAnswerVoters', option, chosen, correct, voters };
}

/**
 * A poll after a device has learnt how it stands. Results that are the same for all (`min`) leave what concerns this account: what it chose, what it knows of a quiz, and whether
 * votes are unread. Pure.
 * @param known as {@link plainPoll} makes it
 */
export function learnPoll(known: tl.messageMediaPoll, { poll, results: told }: { poll?: tl.poll | undefined; results: tl.pollResults }): tl.messageMediaPoll {
  const next: tl.messageMediaPoll = { ...known, poll: poll === undefined ? known.poll : { ...poll, creator: known.poll.creator }, results: told };
  if (told.min !== true) return plainPoll(next);
  const had = new Map((known.results.results ?? []).map((one) => [keyOf(one), one]));
  const isHidden = (told.results ?? []).length === 0 && [...had.values()].some(({ chosen }) => chosen);
  const results = (told.results ?? []).map((one): tl.pollAnswerVoters => ({ ...one, chosen: had.get(keyOf(one))?.chosen, correct: one.correct ?? had.get(keyOf(one))?.correct }));
  const { has_unread_votes, results: shown, solution } = known.results;
  return plainPoll({ ...next, results: { ...told, min: known.results.min, has_unread_votes, results: isHidden ? shown : results, solution: told.solution ?? solution } });
}

const keyOf = ({ option }: tl.pollAnswerVoters): string => Buffer.from(option).toString('hex');
