import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { KeptDocument, KeptList } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Sticker } from '../media/sticker.tsx';
import { Tabs } from '../parts/tabs.tsx';

/** Longer side of a sticker or GIF in the panel, in pixels. */
const SIDE = 66;

/** A sticker or GIF that was chosen. */
export interface KeptChoice {
  list: KeptList;
  file: string;
}

const KeptGrid: FunctionComponent<{ list: KeptList; choose(choice: KeptChoice): void }> = ({ list, choose }) => {
  const found = useSignal<KeptDocument[] | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    found.value = undefined;
    ask('media.kept', { list }).then(
      (documents) => !isGone && (found.value = documents),
      () => !isGone && (found.value = []),
    );
    return () => void (isGone = true);
  }, [list]);
  if (found.value?.length === 0) return <p class="empty">{t(list === 'gifs' ? 'noGifs' : 'noStickers')}</p>;
  return (
    <ul class="kept" aria-busy={found.value === undefined}>
      {found.value?.map(({ document: { id, mime, preview, width, height } }) => (
        <li key={id}>
          <button type="button" onClick={() => choose({ list, file: id })}>
            <Sticker file={{ of: 'kept', list, file: id, size: '' }} mime={mime} preview={preview} side={SIDE} width={width} height={height} />
          </button>
        </li>
      ))}
    </ul>
  );
};

/** The stickers that the account sent lately, and those that it chose. */
export const StickersTab: FunctionComponent<{ choose(choice: KeptChoice): void }> = ({ choose }) => {
  const shown = useSignal<'recent' | 'favourite'>('recent');
  const tabs = [{ id: 'recent' as const, title: t('recentStickers') }, { id: 'favourite' as const, title: t('favouriteStickers') }];
  return (
    <>
      <Tabs label={t('stickerSets')} tabs={tabs} chosen={shown.value} onChoose={(list) => (shown.value = list)} />
      <div class="kept-place" role="tabpanel" aria-label={tabs.find(({ id }) => id === shown.value)!.title}>
        <KeptGrid list={shown.value} choose={choose} />
      </div>
    </>
  );
};

/** The GIFs that the account keeps. */
export const GifsTab: FunctionComponent<{ choose(choice: KeptChoice): void }> = ({ choose }) => (
  <div class="kept-place">
    <KeptGrid list="gifs" choose={choose} />
  </div>
);
