import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PasswordState } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Field, Form } from '../parts/form.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { changePassword, removePassword } from './password-dialog.tsx';
import { ForgottenPassword } from './forgotten-password.tsx';

/** An address is used when its code has come back, and a first password with an address is set only then. */
const WaitingEmail: FunctionComponent<{ email: string; hasPassword: boolean; onChange(state: PasswordState): void }> = ({ email, hasPassword, onChange }) => {
  const code = useSignal('');
  return (
    <>
      <p>{t(hasPassword ? 'waitingEmail' : 'waitingPassword', { email })}</p>
      <Form submit={async () => onChange(await ask('password.confirmEmail', { code: code.value.trim() }))} button={t('confirm')} isComplete={code.value.trim() !== ''}>
        <Field label={t('code')} inputMode="numeric" autocomplete="one-time-code" value={code.value} onInput={(value) => (code.value = value)} />
      </Form>
      <div class="panel-buttons">
        <button class="link" type="button" onClick={() => void attempt(ask('password.resendEmail', undefined).then(() => tell(t('codeSentAgain'))))}>
          {t('resendCode')}
        </button>
        <button class="link is-dangerous" type="button" onClick={() => void attempt(ask('password.cancelEmail', undefined).then(onChange))}>
          {t(hasPassword ? 'cancelEmail' : 'cancelPassword')}
        </button>
      </div>
    </>
  );
};

/** The password that is asked for beside the code. */
export const PasswordCard: FunctionComponent = () => {
  const state = useSignal<PasswordState | undefined>(undefined);
  useEffect(() => {
    void ask('password.state', undefined).then(
      (found) => (state.value = found),
      () => undefined,
    );
  }, []);
  const { value } = state;
  const set = (next: PasswordState | undefined): void => {
    if (!next) return;
    state.value = next;
    if (next.waitingEmail === undefined) tell(t('saved'));
  };
  return (
    <section class="panel" aria-busy={value === undefined}>
      <h2>{t('passwordTitle')}</h2>
      <p class="hint">{t(value?.hasPassword ? 'passwordIsSet' : 'passwordIsNot')}</p>
      {value?.hasPassword && !value.hasRecovery && value.waitingEmail === undefined && <p class="note">{t('noRecovery')}</p>}
      {value?.waitingEmail !== undefined && <WaitingEmail email={value.waitingEmail} hasPassword={value.hasPassword} onChange={set} />}
      {value && (value.hasPassword || value.waitingEmail === undefined) && (
        <div class="panel-buttons">
          <button class="button" type="button" onClick={() => void changePassword(value).then(set)}>
            {t(value.hasPassword ? 'changePassword' : 'setPassword')}
          </button>
          {value.hasPassword && (
            <button class="button button-plain is-dangerous" type="button" onClick={() => void removePassword().then(set)}>
              {t('removePassword')}
            </button>
          )}
        </div>
      )}
      {value?.hasPassword && <ForgottenPassword state={value} onChange={(next) => (state.value = next)} />}
    </section>
  );
};
