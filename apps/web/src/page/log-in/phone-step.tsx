import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { leaveToEnter } from './company-log-in.ts';
import { ask, session } from '../ground/link.ts';
import { linkProblem } from './log-in-link.ts';
import { Field, Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';

/** Asks for the phone number. In test mode it explains which numbers there are. */
export const PhoneStep: FunctionComponent<{ phone?: string }> = ({ phone: given = '' }) => {
  const phone = useSignal(given);
  const { company } = session.value;
  return (
    <>
      <h1>{t('logIn')}</h1>
      {linkProblem.value !== undefined && (
        <p class="problem" role="alert">
          {linkProblem.value}
        </p>
      )}
      <p>{t('logInText')}</p>
      <Form submit={() => ask('logIn.sendCode', { phone: phone.value })} button={t('next')} isComplete={/\d/.test(phone.value)}>
        <Field label={t('phone')} type="tel" inputMode="tel" autocomplete="tel" value={phone.value} onInput={(value) => (phone.value = value)} isFocused />
      </Form>
      {company && (
        <button class="link" type="button" onClick={() => leaveToEnter(company)}>
          {t('logInByCompany', { name: company.name })}
        </button>
      )}
      <button class="link" type="button" onClick={() => void ask('logIn.showQr', undefined).catch(() => undefined)}>
        {t('logInByQr')}
      </button>
      {session.value.isTestMode && (
        <aside class="note">
          <p>{t('testNumbers')}</p>
          <p>{t('testSecond')}</p>
        </aside>
      )}
    </>
  );
};
