import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import type { Message, Poll, PollAnswer } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { DeleteAnswer } from './add-answer.tsx';
import { AnswerPicture } from './poll-part.tsx';
import { vote } from './vote.ts';

interface AnswersProps {
  message: Message;
  poll: Poll;
  answers: readonly PollAnswer[];
  isBusy: Signal<boolean>;
}

/** The answers of a poll in which the account can vote: a press is the vote, unless several can be chosen. */
export const AnswersToChoose: FunctionComponent<AnswersProps> = ({ message, poll, answers, isBusy }) => {
  const ticked = useSignal<readonly string[]>([]);
  // What was ticked may have been deleted since.
  const chosen = ticked.value.filter((option) => answers.some((answer) => answer.option === option));
  const isInert = message.id === 0 || isBusy.value;
  const toggle = (option: string): void => void (ticked.value = chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option]);
  return (
    <>
      <ul class="poll-answers" aria-label={t('pollAnswers')}>
        {answers.map((answer) => (
          <li key={answer.option}>
            {poll.isMultiple ? (
              <label class="poll-answer">
                <input type="checkbox" checked={chosen.includes(answer.option)} disabled={isInert} onChange={() => toggle(answer.option)} />
                <span dir="auto">{answer.text}</span>
              </label>
            ) : (
              <button class="poll-answer" type="button" disabled={isInert} onClick={() => void vote(message, [answer.option], isBusy)}>
                <span class="poll-ring" />
                <span dir="auto">{answer.text}</span>
              </button>
            )}
            <AnswerPicture message={message} poll={poll} answer={answer} />
            <DeleteAnswer message={message} poll={poll} answer={answer} />
          </li>
        ))}
      </ul>
      {poll.isMultiple && (
        <button class="link" type="button" disabled={isInert || chosen.length === 0} onClick={() => void vote(message, chosen, isBusy)}>
          {t('vote')}
        </button>
      )}
    </>
  );
};
