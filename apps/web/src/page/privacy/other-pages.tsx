import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ConnectedSite } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Choice } from '../parts/choice.tsx';
import { DAY_S, formatShort } from '../parts/dates.ts';
import { confirm, Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt } from '../parts/notice.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { useSaved } from '../parts/use-saved.ts';

interface NumberChoiceProps {
  title: string;
  name: string;
  text: string;
  options: { value: number; text: string }[];
  now: number;
  save(value: number): Promise<boolean>;
}

/** One of several numbers. One that another app has set, and is not among them, is none of them. */
const NumberChoice: FunctionComponent<NumberChoiceProps> = ({ title, name, text, options, now, save }) => {
  const { shown, isBusy, set } = useSaved(now, save);
  return (
    <section class="panel" aria-busy={isBusy}>
      <Choice title={title} name={name} options={options.map(({ value, text: word }) => ({ id: String(value), text: word }))} chosen={String(shown)} onChoose={(value) => set(Number(value))} />
      <p class="hint">{text}</p>
    </section>
  );
};

/** After how long messages of new chats are deleted. */
export const AutoDeletePage: FunctionComponent = () => {
  const seconds = useLoaded(() => ask('privacy.deleteAfter', undefined));
  const keptDays = useLoaded(() => ask('privacy.keptDays', undefined)) ?? 0;
  if (seconds === undefined) return <p class="empty">{t('loading')}</p>;
  const options = [{ value: 0, text: t('noDeletion') }, ...[1, 7, 31].map((n) => ({ value: n * DAY_S, text: t(n === 1 ? 'afterDay' : n === 7 ? 'afterWeek' : 'afterMonth') }))];
  return (
    <>
      <NumberChoice title={t('deleteNewChats')} name="delete-after" text={t('deleteNewChatsText')} options={options} now={seconds} save={(next) => attempt(ask('privacy.setDeleteAfter', { seconds: next }))} />
      {keptDays > 0 && <p class="hint panel">{t('keptDays', { n: keptDays })}</p>}
    </>
  );
};

/** Sites on which somebody has logged in with this account. */
export const SitesPage: FunctionComponent = () => {
  const sites = useSignal<ConnectedSite[] | undefined>(undefined);
  const load = async (): Promise<void> => void (sites.value = await ask('sites.list', undefined).catch(() => sites.value));
  useEffect(() => void load(), []);
  const end = async (act: () => Promise<void>, text: string): Promise<void> => {
    if (!(await confirm({ title: t('endSite'), text, button: t('logOut'), isDangerous: true }))) return;
    await attempt(act());
    await load();
  };
  const { value: shown } = sites;
  return (
    <section class="panel" aria-busy={shown === undefined}>
      <h2>{t('connectedSites')}</h2>
      <p class="hint">{t('connectedSitesText')}</p>
      <ul class="people" aria-label={t('connectedSites')}>
        {shown?.map(({ id, domain, browser, place, active }) => (
          <li key={id} class="person">
            <span class="person-name">
              <bdi>{domain}</bdi>
            </span>
            <span class="person-line">
              <bdi>{[browser, place].filter((part) => part !== '').join(', ')}</bdi>, {formatShort(active)}
            </span>
            <button class="button button-small button-plain is-dangerous" type="button" aria-label={t('endDeviceName', { name: domain })} onClick={() => void end(() => ask('sites.end', { id }), t('endSiteText', { name: domain }))}>
              {t('logOut')}
            </button>
          </li>
        ))}
      </ul>
      {shown?.length === 0 && <p class="empty">{t('noSites')}</p>}
      {shown !== undefined && shown.length > 1 && (
        <button class="button button-plain is-dangerous" type="button" onClick={() => void end(() => ask('sites.endAll', undefined), t('endSitesText'))}>
          {t('endSites')}
        </button>
      )}
    </section>
  );
};

const DeleteDialog: FunctionComponent<{ hasPassword: boolean; close(): void }> = ({ hasPassword, close }) => {
  const password = useSignal('');
  return (
    <Dialog title={t('deleteAccount')} onClose={close}>
      <p>{t('deleteAccountSure')}</p>
      <Form submit={() => ask('account.delete', { password: password.value })} button={t('deleteAccount')} isComplete={!hasPassword || password.value !== ''}>
        {hasPassword && <Field label={t('currentPassword')} type="password" autocomplete="current-password" value={password.value} onInput={(value) => (password.value = value)} isFocused />}
      </Form>
    </Dialog>
  );
};

/** When the account goes by itself, and deleting it now. */
export const DeleteAccountPage: FunctionComponent = () => {
  const days = useLoaded(() => ask('account.daysKept', undefined));
  const remove = async (): Promise<void> => {
    const asked = ask('password.state', undefined);
    if (!(await attempt(asked))) return;
    const { hasPassword } = await asked;
    await openDialog((close) => <DeleteDialog hasPassword={hasPassword} close={() => close()} />);
  };
  return (
    <>
      {days !== undefined && (
        <NumberChoice
          title={t('deleteIfAway')}
          name="days-kept"
          text={t('deleteIfAwayText')}
          options={[30, 90, 180, 365].map((value) => ({ value, text: t('monthsAway', { n: Math.round(value / 30.4) }) }))}
          now={days}
          save={(next) => attempt(ask('account.setDaysKept', { days: next }))}
        />
      )}
      <section class="panel">
        <p>{t('deleteAccountText')}</p>
        <button class="button is-dangerous" type="button" onClick={() => void remove()}>
          {t('deleteAccount')}
        </button>
      </section>
    </>
  );
};
