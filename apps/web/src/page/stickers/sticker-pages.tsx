import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { SetList } from './set-list.tsx';
import './words.ts';

/** The page of the account's sets of stickers and custom emoji. */
export const StickerPages: FunctionComponent<{ path: string | undefined }> = () => (
  <SettingsFrame title={t('stickers')}>
    <div class="info-cards">
      <p class="hint">{t('setsText')}</p>
      <SetList kind="stickers" />
      <SetList kind="emoji" />
    </div>
  </SettingsFrame>
);
