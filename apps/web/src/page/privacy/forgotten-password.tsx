import type { FunctionComponent } from 'preact';
import type { PasswordState } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { clock } from '../parts/clock.ts';
import { formatFull } from '../parts/dates.ts';
import { confirm } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** How a password is removed that nobody remembers, and how somebody else is kept from doing so. */
export const ForgottenPassword: FunctionComponent<{ state: PasswordState; onChange(state: PasswordState): void }> = ({ state: { resetAt }, onChange }) => {
  const change = (name: 'password.reset' | 'password.declineReset'): void => void attempt(ask(name, undefined).then(onChange));
  const askForReset = async (): Promise<void> => {
    if (await confirm({ title: t('forgotPassword'), text: t('resetPasswordText'), button: t('askForReset') })) change('password.reset');
  };
  if (resetAt === undefined) {
    return (
      <button class="link" type="button" onClick={() => void askForReset()}>
        {t('forgotPassword')}
      </button>
    );
  }
  return (
    <>
      <p class="note">{t('passwordResetAt', { date: formatFull(resetAt) })}</p>
      <div class="panel-buttons">
        <button class="button button-plain" type="button" onClick={() => change('password.declineReset')}>
          {t('declineReset')}
        </button>
        {resetAt <= clock.value && (
          <button class="link is-dangerous" type="button" onClick={() => change('password.reset')}>
            {t('resetNow')}
          </button>
        )}
      </div>
    </>
  );
};
