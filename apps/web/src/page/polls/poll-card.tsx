import type { FunctionComponent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Lightbulb from 'lucide-static/icons/lightbulb.svg';
import type { Message, Poll } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { FormattedText } from '../text/formatted-text.tsx';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { useSeconds } from '../parts/use-seconds.ts';
import { AddAnswer } from './add-answer.tsx';
import { AnswersToChoose } from './answers-to-choose.tsx';
import { PollMedia } from './poll-part.tsx';
import { PollResults } from './poll-results.tsx';
import { hasVoted, isClosedNow, isPast, orderAnswers } from './results.ts';
import { showVoters } from './who-voted.tsx';

function describeKind({ isQuiz, isPublic }: Poll, isClosed: boolean): string {
  if (isClosed) return t('finalResults');
  if (isQuiz) return t(isPublic ? 'publicQuiz' : 'anonymousQuiz');
  return t(isPublic ? 'publicPoll' : 'anonymousPoll');
}

/** What is told below the answers: how many have voted, and until when one can. */
const PollLine: FunctionComponent<{ poll: Poll; left: number | undefined }> = ({ poll: { total }, left }) => (
  <p class="poll-line">
    {total === 0 ? t('noVotes') : t('votes', { n: total })}
    {left !== undefined && (
      <>
        {', '}
        <span role="timer">{t('closesIn', { time: formatSeconds(left) })}</span>
      </>
    )}
  </p>
);

/** A poll: its answers until the account has voted or nobody can any more, then the results as far as they are shown. */
export const PollCard: FunctionComponent<{ message: Message; poll: Poll }> = ({ message, poll }) => {
  const now = useSeconds(poll.isClosed ? 0 : (poll.closeDate ?? 0));
  const isBusy = useSignal(false);
  const isClosed = isClosedNow(poll, now);
  const peer = peerSignal(message.peer).value;
  const isInert = isPast(peer);
  const isOver = isClosed || isInert || hasVoted(poll);
  const answers = orderAnswers(poll, session.value.me);
  const canSeeVoters = poll.isPublic && isOver && !isInert && poll.total > 0 && peer?.kind !== 'channel' && (isClosed || !poll.hidesResults);
  const place = useRef<HTMLElement>(null);
  const isPressed = useRef(false);
  useLayoutEffect(() => {
    // What was pressed is gone, and the focus with it.
    if (isPressed.current && document.activeElement === document.body) place.current?.closest<HTMLElement>('[tabindex]')?.focus();
    isPressed.current = false;
  }, [isOver]);
  return (
    <section ref={place} class="poll" aria-label={t('poll')} aria-busy={isBusy.value} onClick={() => void (isPressed.current = true)}>
      <PollMedia message={message} poll={poll} place="question" />
      <p class="poll-question" dir="auto">
        {poll.question}
      </p>
      <p class="poll-line">{describeKind(poll, isClosed)}</p>
      {isOver ? <PollResults message={message} poll={poll} answers={answers} /> : <AnswersToChoose message={message} poll={poll} answers={answers} isBusy={isBusy} />}
      {isOver && !isClosed && poll.hidesResults && <p class="poll-line">{t('resultsHidden')}</p>}
      {(poll.solution ?? poll.solutionMedia) && (
        <div class="poll-solution" role="note" aria-label={t('pollExplanation')}>
          <Lightbulb />
          <div>
            {poll.solution && (
              <p dir="auto">
                <FormattedText text={poll.solution.text} entities={poll.solution.entities} />
              </p>
            )}
            <PollMedia message={message} poll={poll} place="solution" />
          </div>
        </div>
      )}
      <PollLine poll={poll} left={isClosed || poll.closeDate === undefined ? undefined : poll.closeDate - now} />
      {poll.isOpen && !isClosed && !isInert && message.id !== 0 && <AddAnswer message={message} poll={poll} />}
      {canSeeVoters && (
        <button class="link" type="button" onClick={() => void showVoters(message, poll)}>
          {t('whoVoted')}
        </button>
      )}
    </section>
  );
};
