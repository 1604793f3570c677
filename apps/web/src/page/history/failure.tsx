import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import type { Message } from '../../protocol/index.ts';
import { prepareFile, readFacts } from '../files/prepare-file.ts';
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

async function sendInstead({ peer, key, local }: Message, chosen: File): Promise<void> {
  const file = local?.as === 'file' ? ({ file: chosen, name: chosen.name, as: 'file' } as const) : await prepareFile(await readFacts(chosen));
  await ask('messages.replaceFile', { peer, key, file });
}

/** The button to choose the file of a message again, after a reload has lost it. */
const FileAgain: FunctionComponent<{ message: Message }> = ({ message }) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button class="link" type="button" onClick={() => input.current?.click()}>
        {t('chooseFile')}
      </button>
      <input
        class="hidden-input"
        ref={input}
        type="file"
        aria-label={t('file')}
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          currentTarget.value = '';
          if (chosen) void sendInstead(message, chosen);
        }}
      />
    </>
  );
};

/** Whether a message can be sent as it is. Pure. */
export const canRetry = (failure: Message['failure']): boolean => failure?.reason !== 'FILE_LOST';

/** Why a message was not sent, and what can be done. */
export const Failure: FunctionComponent<{ message: Message }> = ({ message }) => {
  const { peer, key, state, failure } = message;
  if (!failure) return null;
  if (state !== 'failed') return <Waiting until={failure.retryAt ?? 0} reason={failure.reason} />;
  return (
    <p class="failure" role="alert">
      {t('notSent', { reason: describeRefusal({ code: failure.reason }) })}{' '}
      {canRetry(failure) ? (
        <button class="link" type="button" onClick={() => void ask('messages.retry', { peer, key })}>
          {t('retry')}
        </button>
      ) : (
        <FileAgain message={message} />
      )}
      <button class="link" type="button" onClick={() => void ask('messages.discard', { peer, key })}>
        {t('delete')}
      </button>
    </p>
  );
};
