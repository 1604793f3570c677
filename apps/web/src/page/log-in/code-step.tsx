import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CodeWay } from '../../protocol/index.ts';
import { ask, session } from '../ground/link.ts';
import { formatFull, formatSeconds, nowSeconds } from '../parts/dates.ts';
import { confirm } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { BackButton } from './back-button.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

const TEXTS = { app: 'codeByApp', sms: 'codeBySms', call: 'codeByCall', email: 'codeByEmail', enter: 'codeByEnter', other: 'codeByOther' } as const;

interface CodeStepProps {
  isRenewed?: boolean;
  way: CodeWay;
  phone: string;
  email?: string;
  url?: string;
  length?: number;
  canResendAt?: number;
  next?: CodeWay;
  canResetEmail?: boolean;
  emailResetAt?: number;
}

/** Gives up the address, so that codes come by phone again: after a while, so that nobody else can do it in secret. */
const resetEmail = async (): Promise<void> => {
  if (await confirm({ title: t('resetEmail'), text: t('resetEmailText'), button: t('resetEmail') })) await attempt(ask('logIn.resetEmail', undefined));
};

/** Where somebody who tries the server finds the code: a test number has it in itself. */
const TestNote: FunctionComponent<{ phone: string }> = ({ phone }) => {
  const digit = /^99966(\d)\d{4}$/.exec(phone)?.[1];
  return <p class="note">{digit === undefined ? t('testTerminal') : t('testCode', { code: digit.repeat(5) })}</p>;
};

/** Asks for the code that was sent. */
export const CodeStep: FunctionComponent<CodeStepProps> = ({ isRenewed, way, phone, email, url, length, canResendAt, next, canResetEmail, emailResetAt }) => {
  const code = useSignal('');
  const left = useSignal(0);
  useEffect(() => {
    const count = (): void => void (left.value = Math.max(0, (canResendAt ?? 0) - nowSeconds()));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [canResendAt]);
  return (
    <>
      <h1>{t('code')}</h1>
      {isRenewed && (
        <p class="note" role="alert">
          {t('codeRenewed')}
        </p>
      )}
      <p>{t(TEXTS[way], { phone: `+${phone}`, email: email ?? '', url: url ?? '' })}</p>
      <Form submit={() => ask('logIn.enterCode', { code: code.value.trim() })} button={t('next')} isComplete={code.value.trim().length >= (length ?? 3)}>
        <Field label={t('code')} inputMode={way === 'sms' ? 'text' : 'numeric'} autocomplete="one-time-code" value={code.value} onInput={(value) => (code.value = value)} isFocused />
      </Form>
      {session.value.isTestMode && way === 'sms' && <TestNote phone={phone} />}
      {canResendAt !== undefined && (
        <button class="link" type="button" disabled={left.value > 0} onClick={() => void attempt(ask('logIn.resendCode', undefined))}>
          {left.value > 0 ? t('resendIn', { time: formatSeconds(left.value) }) : t(next === 'call' ? 'resendByCall' : next === 'sms' && way !== 'sms' ? 'resendBySms' : 'resendCode')}
        </button>
      )}
      {emailResetAt !== undefined && <p class="note">{t('emailResetAt', { date: formatFull(emailResetAt) })}</p>}
      {canResetEmail && (
        <button class="link" type="button" onClick={() => void resetEmail()}>
          {t('resetEmail')}
        </button>
      )}
      <BackButton />
    </>
  );
};
