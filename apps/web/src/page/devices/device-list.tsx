import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import QrCodeIcon from 'lucide-static/icons/qr-code.svg';
import MonitorSmartphone from 'lucide-static/icons/monitor-smartphone.svg';
import type { Device } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatShort } from '../parts/dates.ts';
import { confirm } from '../parts/dialog.tsx';
import { InfoLink } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

const DeviceRow: FunctionComponent<{ device: Device; onEnd?(): void }> = ({ device: { model, app, place, ip, active, isPending, isCurrent }, onEnd }) => (
  <div class="person device">
    <span class="found-mark">
      <MonitorSmartphone />
    </span>
    <span class="person-name">
      <bdi>{model}</bdi>
    </span>
    <span class="person-line">
      <bdi>{app}</bdi>
      <br />
      <bdi>{[place, ip].filter((part) => part !== '').join(', ')}</bdi>
      {!isCurrent && `, ${isPending ? t('waitsForPassword') : formatShort(active)}`}
    </span>
    {onEnd && (
      <button class="button button-small button-plain is-dangerous" type="button" aria-label={t('endDeviceName', { name: model })} onClick={onEnd}>
        {t('logOut')}
      </button>
    )}
  </div>
);

/** Devices on which the account is logged in. */
export const DeviceList: FunctionComponent = () => {
  const devices = useSignal<Device[] | undefined>(undefined);
  const load = async (): Promise<void> => {
    devices.value = await ask('devices.list', undefined).catch(() => devices.value);
  };
  useEffect(() => void load(), []);
  const end = async ({ id, model }: Device): Promise<void> => {
    if (!(await confirm({ title: t('endDevice'), text: t('endDeviceText', { name: model }), button: t('endDevice'), isDangerous: true }))) return;
    await attempt(ask('devices.end', { id }));
    await load();
  };
  const endOthers = async (): Promise<void> => {
    if (!(await confirm({ title: t('endOthers'), text: t('endOthersText'), button: t('endOthers'), isDangerous: true }))) return;
    await attempt(ask('devices.endOthers', undefined));
    await load();
  };
  const current = devices.value?.find(({ isCurrent }) => isCurrent);
  const others = devices.value?.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <>
      <section class="panel" aria-busy={devices.value === undefined}>
        <h2>{t('thisDevice')}</h2>
        {current && <DeviceRow device={current} />}
        {others.length > 0 && (
          <button class="button button-plain is-dangerous" type="button" onClick={() => void endOthers()}>
            {t('endOthers')}
          </button>
        )}
      </section>
      <div class="info-card">
        <InfoLink icon={QrCodeIcon} text={t('linkDevice')} href="#/settings/devices/link" />
      </div>
      {devices.value && (
        <section class="panel">
          <h2>{t('otherDevices')}</h2>
          <ul class="people" aria-label={t('otherDevices')}>
            {others.map((device) => (
              <li key={device.id}>
                <DeviceRow device={device} onEnd={() => void end(device)} />
              </li>
            ))}
          </ul>
          {others.length === 0 && <p class="empty">{t('noOtherDevices')}</p>}
        </section>
      )}
    </>
  );
};
