import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { BackButton } from './back-button.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { t } from '../ground/text.ts';

/** Asks for the name of a new account. */
export const SignUpStep: FunctionComponent = () => {
  const first = useSignal('');
  const last = useSignal('');
  const photo = useSignal<Blob | undefined>(undefined);
  return (
    <>
      <h1>{t('signUp')}</h1>
      <p>{t('signUpText')}</p>
      <Form submit={() => ask('logIn.signUp', { firstName: first.value.trim(), lastName: last.value.trim(), photo: photo.value })} button={t('signUp')} isComplete={first.value.trim() !== ''}>
        <PictureField picture={photo.value} onChoose={(picture) => (photo.value = picture)} />
        <Field label={t('firstName')} autocomplete="given-name" maxLength={64} value={first.value} onInput={(value) => (first.value = value)} isFocused />
        <Field label={t('lastName')} autocomplete="family-name" maxLength={64} value={last.value} onInput={(value) => (last.value = value)} />
      </Form>
      <BackButton />
    </>
  );
};
