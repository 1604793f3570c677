import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message, PeerId, ReportStep } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Area, Form } from '../parts/form.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { byChat } from '../open-chat/by-chat.ts';

/** Characters of a comment that the server keeps. */
const COMMENT_MAX = 512;

interface ReportDialogProps {
  count: number;
  first: ReportStep;
  /** Takes the next step. */
  report(option: Uint8Array, comment?: string): Promise<ReportStep>;
  close(isReported?: boolean): void;
}

/** Asks for what the server wants to know about a report, step by step. */
const ReportDialog: FunctionComponent<ReportDialogProps> = ({ count, first, report, close }) => {
  const step = useSignal(first);
  const comment = useSignal('');
  const isBusy = useSignal(false);
  const take = async (option: Uint8Array, text?: string): Promise<void> => {
    const next = await report(option, text);
    if (next.step === 'reported') close(true);
    else step.value = next;
  };
  const choose = async (option: Uint8Array): Promise<void> => {
    isBusy.value = true;
    await attempt(take(option));
    isBusy.value = false;
  };
  const { value: asked } = step;
  return (
    <Dialog title={t('reportMessages', { n: count })} onClose={() => close()}>
      {asked.step === 'choose' && (
        <>
          <p>{t('reportWhy', { n: count })}</p>
          <ul class="choices">
            {asked.options.map(({ text, option }, index) => (
              <li key={text}>
                <button type="button" dir="auto" autofocus={index === 0} disabled={isBusy.value} onClick={() => void choose(option)}>
                  {text}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {asked.step === 'comment' && (
        <Form submit={() => take(asked.option, comment.value.trim())} button={t('reportSend')} isComplete={asked.isOptional || comment.value.trim() !== ''}>
          <Area label={t('reportComment')} maxLength={COMMENT_MAX} value={comment.value} onInput={(value) => (comment.value = value)} isFocused />
        </Form>
      )}
    </Dialog>
  );
};

/** Reports messages to the operator of the server, for a reason that the person chooses. @returns whether they were reported */
export async function askToReport(messages: readonly Message[]): Promise<boolean> {
  for (const { peer, messages: own } of byChat(messages)) if (!(await askToReportIn(peer, own))) return false;
  tell(t('reported'));
  return true;
}

async function askToReportIn(peer: PeerId, messages: readonly Message[]): Promise<boolean> {
  const reported = { peer, messages: messages.map(({ id }) => id) };
  const asking = ask('messages.report', reported);
  if (!(await attempt(asking))) return false;
  const first = await asking;
  const report = (option: Uint8Array, comment?: string): Promise<ReportStep> => ask('messages.report', { ...reported, option, comment });
  return first.step === 'reported' || (await openDialog<boolean>((close) => <ReportDialog count={messages.length} first={first} report={report} close={close} />)) === true;
}
