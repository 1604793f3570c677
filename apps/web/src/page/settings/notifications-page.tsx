import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MutedKinds } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { askForNotifications, notificationState } from '../notices/alerts.ts';
import { ask } from '../ground/link.ts';
import { playSound, setSound, soundIsOn } from '../notices/sound.ts';
import { attempt } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../ground/text.ts';

const KINDS: [keyof MutedKinds, TextKey][] = [
  ['users', 'notifyUsers'],
  ['groups', 'notifyGroups'],
  ['channels', 'notifyChannels'],
];

/** How new messages make themselves heard. */
export const NotificationsPage: FunctionComponent = () => {
  const muted = useSignal<MutedKinds | undefined>(undefined);
  useEffect(() => {
    void ask('mutes.get', undefined).then(
      (found) => (muted.value = found),
      () => undefined,
    );
  }, []);
  const set = async (kind: keyof MutedKinds, isMuted: boolean): Promise<void> => {
    const setting = ask('mutes.set', { kind, isMuted });
    if (await attempt(setting)) muted.value = await setting;
  };
  const state = notificationState.value;
  return (
    <>
      <section class="panel">
        <h2>{t('inThisBrowser')}</h2>
        <p class="hint">{t('notificationsText')}</p>
        {state === 'insecure' && <p class="note">{t('notificationsInsecure')}</p>}
        {state === 'absent' && <p class="note">{t('notificationsAbsent')}</p>}
        {state === 'denied' && <p class="note">{t('notificationsDenied')}</p>}
        {state === 'granted' && <p>{t('notificationsOn')}</p>}
        {state === 'default' && (
          <button class="button" type="button" onClick={() => void askForNotifications()}>
            {t('allowNotifications')}
          </button>
        )}
        <Switch
          text={t('sound')}
          isOn={soundIsOn.value}
          onChange={(isOn) => {
            setSound(isOn);
            if (isOn) playSound();
          }}
        />
      </section>
      <section class="panel">
        <h2>{t('onAllDevices')}</h2>
        {KINDS.map(([kind, text]) => (
          <Switch key={kind} text={t(text)} isOn={muted.value?.[kind] === false} isDisabled={muted.value === undefined} onChange={(isOn) => void set(kind, !isOn)} />
        ))}
        <p class="hint">{t('notifyText')}</p>
      </section>
    </>
  );
};
