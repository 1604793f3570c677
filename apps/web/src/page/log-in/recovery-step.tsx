import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { BackButton } from './back-button.tsx';
import { t } from '../ground/text.ts';

/** Asks for the code that removes a forgotten password. */
export const RecoveryStep: FunctionComponent<{ email: string }> = ({ email }) => {
  const code = useSignal('');
  return (
    <>
      <h1>{t('forgotPassword')}</h1>
      <p>{t('recoveryText', { email })}</p>
      <Form submit={() => ask('logIn.recover', { code: code.value.trim() })} button={t('next')} isComplete={code.value.trim() !== ''}>
        <Field label={t('code')} inputMode="numeric" autocomplete="one-time-code" value={code.value} onInput={(value) => (code.value = value)} isFocused />
      </Form>
      <BackButton />
    </>
  );
};
