import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CodeWay } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { formatSeconds, nowSeconds } from '../parts/dates.ts';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../parts/text.ts';

const TEXTS = { app: 'codeByApp', sms: 'codeBySms', call: 'codeByCall', email: 'codeByEmail', other: 'codeByOther' } as const;

interface CodeStepProps {
  way: CodeWay;
  phone: string;
  email?: string;
  length?: number;
  canResendAt?: number;
  canResetEmail?: boolean;
}

/** Asks for the code that was sent. */
export const CodeStep: FunctionComponent<CodeStepProps> = ({ way, phone, email, length, canResendAt, canResetEmail }) => {
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
      <p>{t(TEXTS[way], { phone: `+${phone}`, email: email ?? '' })}</p>
      <Form submit={() => ask('logIn.enterCode', { code: code.value.trim() })} button={t('next')} isComplete={code.value.trim().length >= (length ?? 3)}>
        <Field label={t('code')} inputMode={way === 'sms' ? 'text' : 'numeric'} autocomplete="one-time-code" value={code.value} onInput={(value) => (code.value = value)} isFocused />
      </Form>
      {canResendAt !== undefined && (
        <button class="link" type="button" disabled={left.value > 0} onClick={() => void ask('logIn.resendCode', undefined).catch(() => undefined)}>
          {left.value > 0 ? t('resendIn', { time: formatSeconds(left.value) }) : t('resendCode')}
        </button>
      )}
      {canResetEmail && (
        <button class="link" type="button" onClick={() => void ask('logIn.resetEmail', undefined).catch(() => undefined)}>
          {t('resetEmail')}
        </button>
      )}
      <button class="link" type="button" onClick={() => void ask('logIn.back', undefined)}>
        {t('back')}
      </button>
    </>
  );
};
