import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PasswordState } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';

type Close = (state?: PasswordState) => void;

const ChangeDialog: FunctionComponent<{ state: PasswordState; close: Close }> = ({ state: { hasPassword, hasRecovery, hint: oldHint }, close }) => {
  const current = useSignal('');
  const next = useSignal('');
  const again = useSignal('');
  const hint = useSignal(oldHint ?? '');
  const email = useSignal('');
  const differs = again.value !== '' && again.value !== next.value;
  const isComplete = next.value !== '' && again.value === next.value && (!hasPassword || current.value !== '') && hint.value.trim() !== next.value;
  const save = async (): Promise<void> => close(await ask('password.set', { current: current.value, next: next.value, hint: hint.value.trim(), email: email.value.trim() }));
  return (
    <Dialog title={t(hasPassword ? 'changePassword' : 'setPassword')} onClose={() => close()}>
      <Form submit={save} button={t('save')} isComplete={isComplete}>
        {hasPassword && <Field label={t('currentPassword')} type="password" autocomplete="current-password" value={current.value} onInput={(value) => (current.value = value)} />}
        <Field label={t('newPassword')} type="password" autocomplete="new-password" value={next.value} onInput={(value) => (next.value = value)} />
        <Field label={t('repeatPassword')} type="password" autocomplete="new-password" value={again.value} onInput={(value) => (again.value = value)} />
        {differs && <p class="problem">{t('passwordsDiffer')}</p>}
        <Field label={t('hint')} maxLength={64} value={hint.value} onInput={(value) => (hint.value = value)} />
        <Field label={t('recoveryEmail')} type="email" inputMode="email" autocomplete="email" value={email.value} onInput={(value) => (email.value = value)} />
        <p class="hint">{t(hasRecovery ? 'recoveryEmailKept' : 'recoveryEmailText')}</p>
      </Form>
    </Dialog>
  );
};

const RemoveDialog: FunctionComponent<{ close: Close }> = ({ close }) => {
  const current = useSignal('');
  return (
    <Dialog title={t('removePassword')} onClose={() => close()}>
      <p>{t('removePasswordText')}</p>
      <Form submit={async () => close(await ask('password.set', { current: current.value, next: '', hint: '', email: '' }))} button={t('removePassword')} isComplete={current.value !== ''}>
        <Field label={t('currentPassword')} type="password" autocomplete="current-password" value={current.value} onInput={(value) => (current.value = value)} />
      </Form>
    </Dialog>
  );
};

/** Sets a password or changes it. @returns how things stand then; undefined if nothing was changed */
export const changePassword = (state: PasswordState): Promise<PasswordState | undefined> => openDialog<PasswordState>((close) => <ChangeDialog state={state} close={close} />);

/** See `changePassword`. */
export const removePassword = (): Promise<PasswordState | undefined> => openDialog<PasswordState>((close) => <RemoveDialog close={close} />);
