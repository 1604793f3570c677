import type { FunctionComponent } from 'preact';
import { devicesTexts } from '../../texts/en/devices.ts';
import { addTexts, t } from '../ground/text.ts';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { DeviceList } from './device-list.tsx';
import { LinkDevice } from './link-device.tsx';

addTexts(devicesTexts);

const LIST = '#/settings/devices';

/** The pages about devices. @param path undefined: the list of them; `link`: where another one is let in */
export const DevicePages: FunctionComponent<{ path: string | undefined }> = ({ path }) =>
  path === 'link' ? (
    <SettingsFrame key={path} title={t('linkDevice')} back={LIST}>
      <LinkDevice />
    </SettingsFrame>
  ) : (
    <SettingsFrame title={t('devices')}>
      <DeviceList />
    </SettingsFrame>
  );
