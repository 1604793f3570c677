import type { ComponentType, FunctionComponent } from 'preact';
import Bell from 'lucide-static/icons/bell.svg';
import ChevronRight from 'lucide-static/icons/chevron-right.svg';
import FolderIcon from 'lucide-static/icons/folder.svg';
import Lock from 'lucide-static/icons/lock.svg';
import MonitorSmartphone from 'lucide-static/icons/monitor-smartphone.svg';
import Palette from 'lucide-static/icons/palette.svg';
import StickerIcon from 'lucide-static/icons/sticker.svg';
import UserRound from 'lucide-static/icons/user-round.svg';
import type { TextKey } from '../../texts/en/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { route } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { NameMark } from '../parts/names.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../ground/text.ts';

const SECTIONS: { section: string; title: TextKey; icon: ComponentType }[] = [
  { section: 'profile', title: 'profile', icon: UserRound },
  { section: 'notifications', title: 'notifications', icon: Bell },
  { section: 'privacy', title: 'privacy', icon: Lock },
  { section: 'folders', title: 'folders', icon: FolderIcon },
  { section: 'stickers', title: 'stickers', icon: StickerIcon },
  { section: 'devices', title: 'devices', icon: MonitorSmartphone },
  { section: 'appearance', title: 'appearance', icon: Palette },
];

/** What can be set, as a list of pages. */
export const SettingsSide: FunctionComponent = () => {
  const at = route.value;
  const me = session.value.me!;
  const peer = peerSignal(me).value;
  return (
    <>
      <SideHeader title={t('settings')} />
      <div class="side-scroll">
        <div class="info-face">
          <Avatar peer={me} size="large" isPerson />
          <p class="person-title">
            <bdi>{peer?.name}</bdi>
            <NameMark of={peer} isPerson />
          </p>
          <p class="hint">{peer?.phone !== undefined && `+${peer.phone}`}</p>
        </div>
        <nav aria-label={t('settings')}>
          <ul class="settings-list">
            {SECTIONS.map(({ section, title, icon: Icon }) => (
              <li key={section}>
                <a href={`#/settings/${section}`} aria-current={at.page === 'settings' && at.section?.split('/')[0] === section ? 'page' : undefined}>
                  <Icon />
                  <span>{t(title)}</span>
                  <ChevronRight />
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p class="hint settings-about">
          <a href="/about" target="_blank" rel="noopener">
            {t('aboutServer')}
          </a>
        </p>
      </div>
    </>
  );
};
