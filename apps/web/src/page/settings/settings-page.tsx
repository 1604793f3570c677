import type { ComponentType, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { AppearancePage } from './appearance-page.tsx';
import { DevicesPage } from './devices-page.tsx';
import { NotificationsPage } from './notifications-page.tsx';
import { PrivacyPage } from './privacy-page.tsx';
import { ProfilePage } from './profile-page.tsx';

const SECTIONS = {
  profile: { title: 'profile', Content: ProfilePage },
  notifications: { title: 'notifications', Content: NotificationsPage },
  privacy: { title: 'privacy', Content: PrivacyPage },
  devices: { title: 'devices', Content: DevicesPage },
  appearance: { title: 'appearance', Content: AppearancePage },
} as const satisfies Record<string, { title: TextKey; Content: ComponentType }>;

export type SettingsSection = keyof typeof SECTIONS;

export const isSection = (section: string | undefined): section is SettingsSection => section !== undefined && Object.hasOwn(SECTIONS, section);

/** One page of the settings. */
export const SettingsPage: FunctionComponent<{ section: SettingsSection }> = ({ section }) => {
  const { title, Content } = SECTIONS[section];
  return (
    <main class="settings-page" aria-label={t(title)}>
      <header class="bar">
        <a class="round back" href="#/settings" aria-label={t('back')}>
          <ArrowLeft />
        </a>
        <h1 class="bar-title">{t(title)}</h1>
      </header>
      <div class="settings-scroll">
        <div class="settings-content">
          <Content />
        </div>
      </div>
    </main>
  );
};
