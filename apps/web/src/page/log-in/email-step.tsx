import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { BackButton } from './back-button.tsx';
import { t } from '../ground/text.ts';

/** Asks for the address to which the server may send codes. */
export const EmailStep: FunctionComponent<{ phone: string }> = ({ phone }) => {
  const email = useSignal('');
  return (
    <>
      <h1>{t('emailAddress')}</h1>
      <p>{t('emailText', { phone: `+${phone}` })}</p>
      <Form submit={() => ask('logIn.setEmail', { email: email.value.trim() })} button={t('next')} isComplete={email.value.includes('@')}>
        <Field label={t('emailAddress')} type="email" inputMode="email" autocomplete="email" value={email.value} onInput={(value) => (email.value = value)} isFocused />
      </Form>
      <BackButton />
    </>
  );
};
