import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatSeconds } from '../parts/dates.ts';
import { describeRefusal } from '../parts/errors.ts';
import { t } from '../ground/text.ts';
import { useSeconds } from '../parts/use-seconds.ts';

/** When a message that waits is sent. */
const Waiting: FunctionComponent<{ until: number; reason: string }> = ({ until, reason }) => {
  const left = until - useSeconds(until);
  return (
    <p class="failure" role="status">
      {t(reason.startsWith('FLOOD') || reason.startsWith('SLOWMODE') ? 'waitsUntil' : 'triesAgain', { time: formatSeconds(left) })}
    </p>
  );
};

/** Whether a message can be sent as it is. Pure. */
export const canRetry = (failure: Message['failure']): boolean => failure?.reason !== 'FILE_LOST';

/** Why a message was not sent, and what can be done. */
export const Failure: FunctionComponent<{ message: Message }> = ({ message: { peer, key, state, failure } }) => {
  if (!failure) return null;
  if (state !== 'failed') return <Waiting until={failure.retryAt ?? 0} reason={failure.reason} />;
  return (
    <p class="failure" role="alert">
      {t('notSent', { reason: describeRefusal({ code: failure.reason }) })}{' '}
      {canRetry(failure) && (
        <button class="link" type="button" onClick={() => void ask('messages.retry', { peer, key })}>
          {t('retry')}
        </button>
      )}
      <button class="link" type="button" onClick={() => void ask('messages.discard', { peer, key })}>
        {t('delete')}
      </button>
    </p>
  );
};
