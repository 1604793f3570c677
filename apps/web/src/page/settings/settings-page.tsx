import type { ComponentType, FunctionComponent } from 'preact';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { AppearancePage } from './appearance-page.tsx';
import { NotificationsPage } from './notifications-page.tsx';
import { ProfilePage } from './profile-page.tsx';

const SECTIONS = {
  profile: { title: 'profile', Content: ProfilePage },
  notifications: { title: 'notifications', Content: NotificationsPage },
  appearance: { title: 'appearance', Content: AppearancePage },
} as const satisfies Record<string, { title: TextKey; Content: ComponentType }>;

/** Parts with several pages, which are loaded when one is opened. Each gets the rest of the address. */
const PARTS: Record<string, () => Promise<ComponentType<PartProps>>> = {
  privacy: async () => (await import('../privacy/privacy-pages.tsx')).PrivacyPages,
  devices: async () => (await import('../devices/device-pages.tsx')).DevicePages,
  folders: async () => (await import('../folders/folder-pages.tsx')).FolderPages,
  stickers: async () => (await import('../stickers/sticker-pages.tsx')).StickerPages,
};

interface PartProps {
  /** Undefined for the list of the pages. */
  path: string | undefined;
}

const partOf = (section: string): string => section.split('/')[0]!;

/** Whether an address of the settings is that of a page, and not of the list of pages. Pure. */
export const isSection = (section: string | undefined): section is string => section !== undefined && (Object.hasOwn(SECTIONS, section) || Object.hasOwn(PARTS, partOf(section)));

const PartPlace: FunctionComponent<{ section: string }> = ({ section }) => {
  const Pages = useLoaded(PARTS[partOf(section)]!);
  return Pages ? <Pages path={section.split('/')[1]} /> : <main class="settings-page" aria-label={t('loading')} aria-busy />;
};

/** One page of the settings. @param section the part of the address behind `settings` */
export const SettingsPage: FunctionComponent<{ section: string }> = ({ section }) => {
  if (Object.hasOwn(PARTS, partOf(section))) return <PartPlace section={section} />;
  const { title, Content } = SECTIONS[section as keyof typeof SECTIONS];
  return (
    <SettingsFrame title={t(title)}>
      <Content />
    </SettingsFrame>
  );
};
