import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';

const ContactDialog: FunctionComponent<{ user: PeerId; close(): void }> = ({ user, close }) => {
  const peer = peerSignal(user).value;
  const first = useSignal(peer?.firstName ?? '');
  const last = useSignal(peer?.lastName ?? '');
  const shares = useSignal(false);
  const isNew = !peer?.isContact;
  const save = async (): Promise<void> => {
    await ask('contacts.add', { user, firstName: first.value.trim(), lastName: last.value.trim(), phone: peer?.phone, sharesPhone: shares.value });
    close();
  };
  return (
    <Dialog title={t(isNew ? 'addContact' : 'editContact')} onClose={close}>
      <Form submit={save} button={t(isNew ? 'add' : 'save')} isComplete={first.value.trim() !== ''}>
        <Field label={t('firstName')} maxLength={64} value={first.value} onInput={(value) => (first.value = value)} />
        <Field label={t('lastName')} maxLength={64} value={last.value} onInput={(value) => (last.value = value)} />
        {isNew && (
          <label class="box">
            <input type="checkbox" checked={shares.value} onChange={({ currentTarget }) => (shares.value = currentTarget.checked)} />
            <span>{t('sharePhoneBox')}</span>
          </label>
        )}
      </Form>
    </Dialog>
  );
};

/** Makes somebody a contact, or gives a contact another name. */
export async function editContact(user: PeerId): Promise<void> {
  await openDialog((close) => <ContactDialog user={user} close={() => close()} />);
}
