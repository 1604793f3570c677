import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { personName } from '../parts/person-row.tsx';

const MakeOwner: FunctionComponent<{ peer: PeerId; user: PeerId; close(isDone?: boolean): void }> = ({ peer, user, close }) => {
  const password = useSignal('');
  const make = async (): Promise<void> => {
    await ask('manage.makeOwner', { peer, user, password: password.value });
    close(true);
  };
  return (
    <Dialog title={t('makeOwner')} onClose={() => close()}>
      <Form submit={make} button={t('makeOwner')} isComplete={password.value !== ''}>
        <p dir="auto">{t('makeOwnerText', { name: personName(user) })}</p>
        <Field label={t('password')} type="password" autocomplete="current-password" value={password.value} onInput={(value) => (password.value = value)} isFocused />
      </Form>
    </Dialog>
  );
};

/** Gives a group or channel to an admin, who then owns it. It needs the password of the account. @returns whether it was done */
export const makeOwner = async (peer: PeerId, user: PeerId): Promise<boolean> => (await openDialog<boolean>((close) => <MakeOwner peer={peer} user={user} close={close} />)) === true;
