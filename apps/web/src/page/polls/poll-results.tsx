import type { FunctionComponent } from 'preact';
import Check from 'lucide-static/icons/check.svg';
import X from 'lucide-static/icons/x.svg';
import type { Message, Poll, PollAnswer } from '../../protocol/index.ts';
import { authorName } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { DeleteAnswer } from './add-answer.tsx';
import { AnswerPicture } from './poll-part.tsx';
import { percentOf } from './results.ts';

/** What an answer is for the account: chosen, and in a quiz right or wrong. */
const Mark: FunctionComponent<{ poll: Poll; answer: PollAnswer }> = ({ poll, answer: { isChosen, isCorrect } }) => {
  const knowsCorrect = poll.answers.some((answer) => answer.isCorrect);
  const names = [isChosen && t('ownVote'), isCorrect ? t('correctAnswer') : isChosen && knowsCorrect && t('wrongAnswer')].filter((name) => typeof name === 'string');
  if (names.length === 0) return null;
  const isWrong = isChosen && knowsCorrect && !isCorrect;
  return (
    <span class={`poll-mark${isWrong ? ' is-wrong' : ''}`} role="img" aria-label={names.join(', ')} title={names.join(', ')}>
      {isWrong ? <X /> : <Check />}
    </span>
  );
};

/** How a poll stands, as far as the account may see it. */
export const PollResults: FunctionComponent<{ message: Message; poll: Poll; answers: readonly PollAnswer[] }> = ({ message, poll, answers }) => (
  <ul class="poll-answers" aria-label={t('pollResults')}>
    {answers.map((answer) => {
      const percent = percentOf(answer, poll.total);
      return (
        <li key={answer.option} class="poll-result">
          {percent !== undefined && (
            <span class="poll-percent" title={t('votes', { n: answer.voters! })}>
              {t('percent', { n: percent })}
            </span>
          )}
          <span class="poll-text" dir="auto">
            {answer.text}
            {answer.addedBy !== undefined && (
              <small>
                {' '}
                {t('addedBy', { name: authorName(answer.addedBy) })}
              </small>
            )}
          </span>
          <AnswerPicture message={message} poll={poll} answer={answer} />
          <Mark poll={poll} answer={answer} />
          <DeleteAnswer message={message} poll={poll} answer={answer} />
          {percent !== undefined && <span class="poll-bar" aria-hidden="true" style={{ inlineSize: `${percent}%` }} />}
        </li>
      );
    })}
  </ul>
);
