import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../app/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../parts/text.ts';

/** Asks for the password of the account. */
export const PasswordStep: FunctionComponent<{ hint?: string; hasRecovery: boolean }> = ({ hint, hasRecovery }) => {
  const password = useSignal('');
  return (
    <>
      <h1>{t('password')}</h1>
      <p>
        {t('passwordText')} {hint !== undefined && hint !== '' && <bdi>{t('passwordHint', { hint })}</bdi>}
      </p>
      <Form submit={() => ask('logIn.enterPassword', { password: password.value })} button={t('next')} isComplete={password.value !== ''}>
        <Field label={t('password')} type="password" autocomplete="current-password" value={password.value} onInput={(value) => (password.value = value)} isFocused />
      </Form>
      {hasRecovery && (
        <button class="link" type="button" onClick={() => void ask('logIn.startRecovery', undefined).catch(() => undefined)}>
          {t('forgotPassword')}
        </button>
      )}
    </>
  );
};
