import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { Field, Form } from '../parts/form.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../ground/text.ts';

/** Puts somebody into the address book, by phone number. */
export const NewContact: FunctionComponent = () => {
  const phone = useSignal('');
  const first = useSignal('');
  const last = useSignal('');
  const create = async (): Promise<void> => {
    const peer = await ask('contacts.add', { phone: phone.value, firstName: first.value.trim(), lastName: last.value.trim() });
    go(chatAddress(peer), true);
  };
  const isComplete = first.value.trim() !== '' && phone.value.replaceAll(/\D/g, '').length > 3;
  return (
    <>
      <SideHeader title={t('newContact')} back="#/contacts" />
      <div class="side-scroll side-form">
        <Form submit={create} button={t('create')} isComplete={isComplete}>
          <Field label={t('phone')} type="tel" inputMode="tel" value={phone.value} onInput={(value) => (phone.value = value)} isFocused />
          <Field label={t('firstName')} maxLength={64} value={first.value} onInput={(value) => (first.value = value)} />
          <Field label={t('lastName')} maxLength={64} value={last.value} onInput={(value) => (last.value = value)} />
        </Form>
      </div>
    </>
  );
};
