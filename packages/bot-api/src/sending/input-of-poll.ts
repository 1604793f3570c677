import { equalBytes } from '@aerogram/crypto';
import type { tl } from '@aerogram/tl';

/**
 * A new poll with the question and the answers of one that exists: without its votes, open, and anew for as long as that one was to be open. Pure.
 * @param inputOf how media beside question and answers are sent once more
 * @returns undefined for a quiz whose correct answers are not known to the bot
 */
export function inputOfPoll({ poll, results, attached_media }: tl.messageMediaPoll, inputOf: (media: tl.MessageMedia) => tl.InputMedia | undefined): tl.inputMediaPoll | undefined {
  const answers = poll.answers.filter((answer) => answer._ === 'pollAnswer');
  const voters = results.results ?? [];
  const correct = [...answers.keys()].filter((at) => voters.some((one) => one.correct === true && equalBytes(one.option, answers[at]!.option)));
  if (poll.quiz === true && correct.length === 0) return undefined;
  const again = (media: tl.MessageMedia | undefined): tl.InputMedia | undefined => media && inputOf(media);
  return {
    _: 'inputMediaPoll',
    poll: {
      ...poll,
      id: 0n,
      closed: undefined,
      creator: undefined,
      close_date: undefined,
      answers: answers.map((answer): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: answer.text, media: again(answer.media) })),
      hash: 0n,
    },
    correct_answers: poll.quiz === true ? correct : undefined,
    attached_media: again(attached_media),
    solution: results.solution,
    solution_entities: results.solution === undefined ? undefined : (results.solution_entities ?? []),
    solution_media: again(results.solution_media),
  };
}
