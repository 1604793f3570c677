import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { documentIdsInside } from '../documents/index.ts';

/** What belongs to a poll besides votes. */
export interface PollBody {
  /** Without what the row of the poll or the viewer decides. An answer without text was deleted; its option is not used again. */
  poll: tl.poll;
  /** Of a quiz: a bit for each correct answer. */
  correct: bigint;
  /** Of a quiz, if there is one. */
  solution: Pick<tl.pollResults, 'solution' | 'solution_entities' | 'solution_media'>;
  /** What stands beside the question. The answers have their own. */
  attached?: tl.MessageMedia | undefined;
}

/** Whether the bit of an answer is set. Pure. @param at the place of the answer in the poll */
export const hasBit = (bits: bigint, at: number): boolean => ((bits >> BigInt(at)) & 1n) === 1n;

/** A number in which the bits of these answers are set. Pure. */
export const bitsOf = (places: Iterable<number>): bigint => [...places].reduce((bits, at) => bits | (1n << BigInt(at)), 0n);

/** The places of the answers whose bits are set. Pure. */
export function placesOfBits(bits: bigint): number[] {
  const places: number[] = [];
  for (let at = 0; bits >> BigInt(at) > 0n; at++) if (hasBit(bits, at)) places.push(at);
  return places;
}

/** The answer of a poll at a place; undefined if it was deleted, or there is none. Pure. */
export const answerAt = (poll: tl.poll, at: number): tl.pollAnswer | undefined => {
  const answer = poll.answers[at];
  return answer?._ === 'pollAnswer' && answer.text.text !== '' ? answer : undefined;
};

/** A bit for each answer that is not deleted. Pure. */
export const liveBits = (poll: tl.poll): bigint => bitsOf([...poll.answers.keys()].filter((at) => answerAt(poll, at) !== undefined));

/** Packs a poll. Pure. */
export const packBody = (body: PollBody): Uint8Array => storedEncode(mediaOf(body));

/** The documents and photos that a poll refers to. Pure. */
export const filesOf = (body: PollBody): bigint[] => documentIdsInside(mediaOf(body));

/** All of a poll as media, which nobody may see. Pure. */
function mediaOf({ poll, correct, solution, attached }: PollBody): tl.messageMediaPoll {
  const results = placesOfBits(correct).map((at): tl.pollAnswerVoters => ({ _: 'pollAnswerVoters', option: optionAt(poll, at) }));
  return { _: 'messageMediaPoll', poll, results: { _: 'pollResults', results, ...solution }, attached_media: attached };
}

/** Reads the output of {@link packBody}. */
export function unpackBody(bytes: Uint8Array): PollBody {
  // The cast is safe: packBody wrote it.
  const { poll, results, attached_media: attached } = storedDecode(bytes) as tl.messageMediaPoll;
  const { solution, solution_entities, solution_media } = results;
  return { poll, correct: bitsOf((results.results ?? []).map(({ option }) => placeOfOption(poll, option))), solution: { solution, solution_entities, solution_media }, attached };
}

/** The place of an answer, by its option; -1 if no answer has it. Pure. */
export function placeOfOption({ answers }: tl.poll, option: Uint8Array): number {
  return answers.findIndex((answer) => answer._ === 'pollAnswer' && Buffer.compare(answer.option, option) === 0);
}

/** The option of an answer, which may be deleted. Pure. @throws Error if the poll never had one at this place */
export function optionAt({ answers }: tl.poll, at: number): Uint8Array {
  const answer = answers[at];
  if (answer?._ !== 'pollAnswer') throw new Error(`the poll has no answer ${at}`);
  return answer.option;
}

/**
 * What a message stores of a poll: what never changes, and what is shown of it when the poll itself is gone. Its results are `min`, so that no client takes them for the
 * present ones. Pure.
 */
export function stubOf({ poll, attached }: PollBody): tl.messageMediaPoll {
  return { _: 'messageMediaPoll', poll, results: { _: 'pollResults', min: true }, attached_media: attached };
}
