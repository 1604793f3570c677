import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { BackButton } from './back-button.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** Asks for the password of the account. */
export const PasswordStep: FunctionComponent<{ hint?: string; hasRecovery: boolean }> = ({ hint, hasRecovery }) => {
  const password = useSignal('');
  const isLost = useSignal(false);
  return (
    <>
      <h1>{t('password')}</h1>
      <p>
        {t('passwordText')} {hint !== undefined && hint !== '' && <bdi>{t('passwordHint', { hint })}</bdi>}
      </p>
      <Form submit={() => ask('logIn.enterPassword', { password: password.value })} button={t('next')} isComplete={password.value !== ''}>
        <Field label={t('password')} type="password" autocomplete="current-password" value={password.value} onInput={(value) => (password.value = value)} isFocused />
      </Form>
      {isLost.value && (
        <p class="note" role="alert">
          {t('noRecoveryText')}
        </p>
      )}
      <button class="link" type="button" onClick={() => (hasRecovery ? void attempt(ask('logIn.startRecovery', undefined)) : (isLost.value = true))}>
        {t('forgotPassword')}
      </button>
      <BackButton />
    </>
  );
};
