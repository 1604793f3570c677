import type { FunctionComponent } from 'preact';
import { signal } from '@preact/signals';
import Backspace from 'lucide-static/icons/delete.svg';
import Sliders from 'lucide-static/icons/sliders-horizontal.svg';
import { addTexts, t } from '../ground/text.ts';
import { Tabs } from '../parts/tabs.tsx';
import { EmojiTab } from './emoji-tab.tsx';
import { panelTexts } from '../../texts/en/panel.ts';
import { GifsTab, type KeptChoice } from './kept-tab.tsx';
import { StickersTab } from './stickers-tab.tsx';

addTexts(panelTexts);

export interface PanelProps {
  /** Puts an emoji into the text. @param custom the id of a custom emoji that is drawn in its place */
  insert(emoji: string, custom?: string): void;
  /** Deletes what stands before the cursor. */
  deleteBack(): void;
  /** Sends a sticker or GIF; undefined if the account may send none here. */
  send: ((choice: KeptChoice) => void) | undefined;
}

type TabName = 'emoji' | 'stickers' | 'gifs';

/** Where the panel was left last. */
const shown = signal<TabName>('emoji');

/** Emoji, stickers and GIFs. */
export const Panel: FunctionComponent<PanelProps> = ({ insert, deleteBack, send }) => {
  const names: TabName[] = send ? ['emoji', 'stickers', 'gifs'] : ['emoji'];
  const current = names.includes(shown.value) ? shown.value : 'emoji';
  const tabs = names.map((id) => ({ id, title: t(id) }));
  return (
    <>
      <div class="panel-content" role="tabpanel" aria-label={t(current)}>
        {current === 'emoji' ? <EmojiTab choose={insert} /> : current === 'stickers' ? <StickersTab choose={send!} /> : <GifsTab choose={send!} />}
      </div>
      <div class="panel-foot">
        <Tabs label={t('emojiStickersGifs')} tabs={tabs} chosen={current} onChoose={(tab) => (shown.value = tab)} />
        {current === 'stickers' && (
          <a class="round" href="#/settings/stickers" aria-label={t('stickerSettings')} title={t('stickerSettings')}>
            <Sliders />
          </a>
        )}
        {current === 'emoji' && (
          <button class="round" type="button" aria-label={t('delete')} onClick={deleteBack}>
            <Backspace />
          </button>
        )}
      </div>
    </>
  );
};
