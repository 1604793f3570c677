import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import X from 'lucide-static/icons/x.svg';
import type { Message, Poll, PollAnswer } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { ANSWER_KINDS, PollFile } from './poll-file.ts';
import { FilesWait, PollFileButton, PollFileLine } from './poll-file-field.tsx';
import { ANSWER_LENGTH, isClosedNow, isPast } from './results.ts';
import { nowSeconds } from '../parts/dates.ts';

const NewAnswer: FunctionComponent<{ message: Message; close(): void }> = ({ message: { peer, id }, close }) => {
  const text = useSignal('');
  const file = useMemo(() => new PollFile(peer, ANSWER_KINDS), []);
  useEffect(() => () => file.remove(), []);
  const add = async (): Promise<void> => {
    await ask('polls.addAnswer', { peer, message: id, answer: { text: text.value.trim(), file: file.upload } });
    close();
  };
  return (
    <Dialog title={t('addAnswer')} onClose={close}>
      <Form submit={add} button={t('addAnswer')} isComplete={text.value.trim() !== '' && file.isReady.value}>
        <div class="poll-field">
          <Field label={t('newAnswer')} maxLength={ANSWER_LENGTH} value={text.value} onInput={(value) => (text.value = value)} />
          <PollFileButton file={file} name={t('newAnswer')} />
        </div>
        <PollFileLine file={file} name={t('newAnswer')} />
        <FilesWait files={[file]} />
      </Form>
    </Dialog>
  );
};

/** Leads to the field for one more answer of a poll that has room for it. */
export const AddAnswer: FunctionComponent<{ message: Message; poll: Poll }> = ({ message, poll }) => {
  const most = useSignal(0);
  useEffect(() => void ask('polls.limits', undefined).then(({ answers }) => (most.value = answers), () => undefined), []);
  if (poll.answers.length >= most.value) return null;
  return (
    <button class="link" type="button" onClick={() => void openDialog((close) => <NewAnswer message={message} close={() => close()} />)}>
      {t('addAnswer')}
    </button>
  );
};

/** Deletes an answer that the account has added, or that others have added to its poll. */
export const DeleteAnswer: FunctionComponent<{ message: Message; poll: Poll; answer: PollAnswer }> = ({ message: { peer, id }, poll, answer: { addedBy, option, text } }) => {
  const isAllowed = addedBy !== undefined && (poll.isOwn || addedBy === session.value.me) && !isClosedNow(poll, nowSeconds()) && !isPast(peerSignal(peer).value);
  if (!isAllowed) return null;
  return (
    <button class="round poll-delete" type="button" aria-label={t('deleteAnswer', { answer: text })} onClick={() => void attempt(ask('polls.deleteAnswer', { peer, message: id, option }))}>
      <X />
    </button>
  );
};
