import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MutedKinds } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import BellRing from 'lucide-static/icons/bell-ring.svg';
import { askForNotifications, notificationState } from '../notices/alerts.ts';
import { lookUpPush, pushState, switchPushOff, switchPushOn } from '../notices/push.ts';
import { ask } from '../ground/link.ts';
import { playSound, setSound, soundIsOn } from '../notices/sound.ts';
import { attempt, notify } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { t } from '../ground/text.ts';

const KINDS: [keyof MutedKinds, TextKey][] = [
  ['users', 'notifyUsers'],
  ['groups', 'notifyGroups'],
  ['channels', 'notifyChannels'],
];

/** Notices while the page is closed, if this browser can have them. */
const PushPanel: FunctionComponent = () => {
  const isBusy = useSignal(false);
  useEffect(() => void lookUpPush().catch(() => undefined), []);
  const change = async (isOn: boolean): Promise<void> => {
    isBusy.value = true;
    // A push service that cannot be reached says nothing that a person could use.
    await (isOn ? switchPushOn() : switchPushOff()).catch(() => notify(t('pushFailed')));
    isBusy.value = false;
  };
  const state = pushState.value;
  if (state === 'unknown' || notificationState.value === 'insecure' || notificationState.value === 'absent') return null;
  if (state === 'impossible') {
    return (
      <section class="panel">
        <p class="note">{t('pushImpossible')}</p>
      </section>
    );
  }
  return (
    <section class="panel push-panel">
      <span class="push-sign">
        <BellRing />
      </span>
      <div>
        <h2>{t('pushTitle')}</h2>
        <p class="hint">{t('pushText')}</p>
        {notificationState.value === 'denied' ? (
          <p class="note">{t('notificationsDenied')}</p>
        ) : state === 'on' ? (
          <Switch text={t('pushSwitch')} isOn isDisabled={isBusy.value} onChange={() => void change(false)} />
        ) : (
          <button class="button" type="button" disabled={isBusy.value} onClick={() => void change(true)}>
            {t('turnOn')}
          </button>
        )}
      </div>
    </section>
  );
};

/** Whether notices show what was written, on all devices. */
const PreviewSwitch: FunctionComponent = () => {
  const isOn = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    void ask('previews.get', undefined).then((found) => (isOn.value = found), () => undefined);
  }, []);
  const set = async (next: boolean): Promise<void> => {
    if (await attempt(ask('previews.set', { isOn: next }))) isOn.value = next;
  };
  return (
    <>
      <Switch text={t('showText')} isOn={isOn.value !== false} isDisabled={isOn.value === undefined} onChange={(next) => void set(next)} />
      <p class="hint">{t('showTextHint')}</p>
    </>
  );
};

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
      <PushPanel />
      <section class="panel">
        <h2>{t('whileOpen')}</h2>
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
        <PreviewSwitch />
      </section>
    </>
  );
};
