import type { ComponentType, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { attempt } from '../parts/notice.tsx';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { isPrivacyPath } from '../privacy/paths.ts';
import { AppearancePage } from './appearance-page.tsx';
import { DevicesPage } from './devices-page.tsx';
import { NotificationsPage } from './notifications-page.tsx';
import { ProfilePage } from './profile-page.tsx';

const SECTIONS = {
  profile: { title: 'profile', Content: ProfilePage },
  notifications: { title: 'notifications', Content: NotificationsPage },
  devices: { title: 'devices', Content: DevicesPage },
  appearance: { title: 'appearance', Content: AppearancePage },
} as const satisfies Record<string, { title: TextKey; Content: ComponentType }>;

/** Whether an address of the settings is that of a page, and not of the list of pages. Pure. */
export const isSection = (section: string | undefined): section is string => section !== undefined && (Object.hasOwn(SECTIONS, section) || isPrivacyPath(section));

/** The pages about privacy, which are loaded when one is opened. */
const PrivacyPlace: FunctionComponent<{ path: string | undefined }> = ({ path }) => {
  const loaded = useSignal<{ Pages: ComponentType<{ path: string | undefined }> } | undefined>(undefined);
  useEffect(() => void attempt(import('../privacy/privacy-pages.tsx').then(({ PrivacyPages }) => (loaded.value = { Pages: PrivacyPages }))), []);
  return loaded.value ? <loaded.value.Pages path={path} /> : <main class="settings-page" aria-label={t('loading')} aria-busy />;
};

/** One page of the settings. @param section the part of the address behind `settings` */
export const SettingsPage: FunctionComponent<{ section: string }> = ({ section }) => {
  if (isPrivacyPath(section)) return <PrivacyPlace path={section.split('/')[1]} />;
  const { title, Content } = SECTIONS[section as keyof typeof SECTIONS];
  return (
    <SettingsFrame title={t(title)}>
      <Content />
    </SettingsFrame>
  );
};
