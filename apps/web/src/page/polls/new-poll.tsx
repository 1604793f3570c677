import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Signal, useSignal } from '@preact/signals';
import type { MessageContext, NewPoll, PeerId, PollLimits } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../ground/text.ts';
import { ANSWER_LENGTH } from './results.ts';
import { ANSWER_KINDS, PollFile, TEXT_KINDS } from './poll-file.ts';
import { FilesWait, PollFileButton, PollFileLine } from './poll-file-field.tsx';
import type { TextKey } from '../../texts/en/index.ts';

/** Longest question that official clients take, in UTF-16 code units. */
const QUESTION_LENGTH = 255;
/** Longest explanation, in UTF-16 code units. */
const EXPLANATION_LENGTH = 200;

const PERIODS: { text: TextKey; n: number; unitS: number }[] = [
  { text: 'pollAfterMinutes', n: 1, unitS: 60 },
  { text: 'pollAfterMinutes', n: 10, unitS: 60 },
  { text: 'pollAfterHours', n: 1, unitS: 3600 },
  { text: 'pollAfterHours', n: 8, unitS: 3600 },
  { text: 'pollAfterDays', n: 1, unitS: 86_400 },
  { text: 'pollAfterDays', n: 7, unitS: 86_400 },
  { text: 'pollAfterDays', n: 30, unitS: 86_400 },
];

/** An answer that is being written. */
interface DraftAnswer {
  text: string;
  isCorrect: boolean;
  file: PollFile;
}

const isWritten = ({ text }: DraftAnswer): boolean => text.trim() !== '';

/** A field of a poll beside which a file can stand. */
const FileOf: FunctionComponent<{ name: string; file: PollFile; children: ComponentChildren }> = ({ name, file, children }) => (
  <div class="poll-fields">
    <div class="poll-field">
      {children}
      <PollFileButton file={file} name={name} />
    </div>
    <PollFileLine file={file} name={name} />
  </div>
);

/** The answers: while there is room, the last one is empty. */
const AnswerFields: FunctionComponent<{ answers: Signal<DraftAnswer[]>; most: number; isQuiz: boolean; isMultiple: boolean; newAnswer(): DraftAnswer }> = ({ answers, most, isQuiz, isMultiple, newAnswer }) => {
  const change = (at: number, values: Partial<DraftAnswer>): void => {
    const changed = answers.value.map((answer, index) => (index === at ? { ...answer, ...values } : answer));
    answers.value = changed.length < most && changed.every(isWritten) ? [...changed, newAnswer()] : changed;
  };
  const mark = (at: number, isCorrect: boolean): void =>
    void (answers.value = answers.value.map((answer, index) => (index === at ? { ...answer, isCorrect } : isMultiple ? answer : { ...answer, isCorrect: false })));
  return (
    <fieldset class="poll-fields">
      <legend>{t('pollAnswers')}</legend>
      {answers.value.map((answer, at) => {
        const name = t('pollAnswer', { n: at + 1 });
        return (
          <FileOf key={at} name={name} file={answer.file}>
            {isQuiz && (
              <input
                type={isMultiple ? 'checkbox' : 'radio'}
                name="correct"
                aria-label={t('pollCorrect', { n: at + 1 })}
                checked={answer.isCorrect}
                disabled={!isWritten(answer)}
                onChange={({ currentTarget }) => mark(at, currentTarget.checked)}
              />
            )}
            <Field label={name} maxLength={ANSWER_LENGTH} value={answer.text} onInput={(text) => change(at, { text })} />
          </FileOf>
        );
      })}
    </fieldset>
  );
};

interface NewPollProps {
  peer: PeerId;
  limits: PollLimits;
  /** What kind of poll it must be; undefined leaves it to the person. */
  mustBeQuiz: boolean | undefined;
  close(poll?: NewPoll): void;
}

const NewPollDialog: FunctionComponent<NewPollProps> = ({ peer, limits, mustBeQuiz, close }) => {
  const { kind } = peerSignal(peer).value ?? {};
  const question = useSignal('');
  const newAnswer = (): DraftAnswer => ({ text: '', isCorrect: false, file: new PollFile(peer, ANSWER_KINDS) });
  const answers = useSignal<DraftAnswer[]>(useMemo(() => [newAnswer(), newAnswer()], []));
  const [attached, solutionFile] = useMemo(() => [new PollFile(peer, TEXT_KINDS), new PollFile(peer, TEXT_KINDS)], []);
  const isAnonymous = useSignal(true);
  const isMultiple = useSignal(false);
  const isQuiz = useSignal(mustBeQuiz === true);
  const isOpen = useSignal(false);
  const explanation = useSignal('');
  const period = useSignal(0);
  const hides = useSignal(false);
  const written = answers.value.filter(isWritten);
  const files = [attached, ...answers.value.map(({ file }) => file), ...(isQuiz.value ? [solutionFile] : [])];
  // A file without the words that belong to it would be lost.
  const isComplete = files.every(({ isReady }) => isReady.value) && answers.value.every((answer) => isWritten(answer) || !answer.file.chosen.value);
  const isSent = useRef(false);
  useEffect(
    () => () => {
      if (!isSent.current) for (const file of [attached, solutionFile, ...answers.peek().map((answer) => answer.file)]) file.remove();
    },
    [],
  );
  const correct = written.flatMap((answer, at) => (answer.isCorrect ? [at] : []));
  const mayBeOpen = (kind === 'group' || kind === 'supergroup') && !isQuiz.value;
  const setMultiple = (isOn: boolean): void => {
    isMultiple.value = isOn;
    // Only one of the answers that were marked as correct can stay so.
    if (!isOn && correct.length > 1) answers.value = answers.value.map((answer) => ({ ...answer, isCorrect: false }));
  };
  const send = async (): Promise<void> => {
    isSent.current = true;
    if (!isQuiz.value) solutionFile.remove();
    close({
      question: question.value.trim(),
      attached: attached.upload,
      answers: written.map(({ text, file }) => ({ text: text.trim(), file: file.upload })),
      correct: isQuiz.value ? correct : undefined,
      solution: isQuiz.value ? explanation.value.trim() : undefined,
      solutionFile: isQuiz.value ? solutionFile.upload : undefined,
      isPublic: !isAnonymous.value,
      isMultiple: isMultiple.value,
      isOpen: mayBeOpen && isOpen.value,
      hidesResults: period.value > 0 && hides.value,
      period: period.value === 0 ? undefined : period.value,
    });
  };
  return (
    <Dialog title={t(mustBeQuiz ? 'newQuiz' : 'newPoll')} onClose={() => close()}>
      <Form submit={send} button={t('send')} isComplete={isComplete && question.value.trim() !== '' && written.length >= 2 && (!isQuiz.value || correct.length > 0)}>
        <FileOf name={t('pollQuestion')} file={attached}>
          <Field label={t('pollQuestion')} maxLength={QUESTION_LENGTH} value={question.value} onInput={(value) => (question.value = value)} />
        </FileOf>
        <AnswerFields answers={answers} most={limits.answers} isQuiz={isQuiz.value} isMultiple={isMultiple.value} newAnswer={newAnswer} />
        {kind !== 'channel' && <Switch text={t('pollAnonymous')} isOn={isAnonymous.value} onChange={(isOn) => (isAnonymous.value = isOn)} />}
        <Switch text={t('pollMultiple')} isOn={isMultiple.value} onChange={setMultiple} />
        {mustBeQuiz === undefined && <Switch text={t('pollQuiz')} isOn={isQuiz.value} onChange={(isOn) => (isQuiz.value = isOn)} />}
        {isQuiz.value && (
          <FileOf name={t('pollExplanation')} file={solutionFile}>
            <Field label={t('pollExplanation')} maxLength={EXPLANATION_LENGTH} value={explanation.value} onInput={(value) => (explanation.value = value)} />
          </FileOf>
        )}
        {mayBeOpen && <Switch text={t('pollOpen')} isOn={isOpen.value} onChange={(isOn) => (isOpen.value = isOn)} />}
        <label class="field">
          <span>{t('pollCloses')}</span>
          <select value={period.value} onChange={({ currentTarget }) => (period.value = Number(currentTarget.value))}>
            <option value={0}>{t('pollNever')}</option>
            {PERIODS.filter(({ n, unitS }) => n * unitS <= limits.period).map(({ text, n, unitS }) => (
              <option key={text + n} value={n * unitS}>
                {t(text, { n })}
              </option>
            ))}
          </select>
        </label>
        {period.value > 0 && <Switch text={t('pollHides')} isOn={hides.value} onChange={(isOn) => (hides.value = isOn)} />}
        <FilesWait files={files} />
      </Form>
    </Dialog>
  );
};

/**
 * Lets the person make a poll, and sends it.
 * @param context what it answers, and where it stands
 * @param mustBeQuiz what kind of poll it must be
 * @returns whether it is on its way
 */
export async function offerPoll(peer: PeerId, context: MessageContext = {}, mustBeQuiz?: boolean): Promise<boolean> {
  const asked = ask('polls.limits', undefined);
  if (!(await attempt(asked))) return false;
  const limits = await asked;
  const poll = await openDialog<NewPoll>((close) => <NewPollDialog peer={peer} limits={limits} mustBeQuiz={mustBeQuiz} close={close} />);
  return poll !== undefined && (await attempt(ask('polls.send', { peer, ...context, poll })));
}
