import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { KeptDocument, KeptList, MessageContext, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Sticker } from '../media/sticker.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { t } from '../ground/text.ts';

const TABS = { recent: 'recentStickers', favourite: 'favouriteStickers', gifs: 'savedGifs' } as const;

const LISTS = Object.keys(TABS) as KeptList[];

/** Longer side of a sticker or GIF in the panel, in pixels. */
const SIDE = 80;

/** A sticker or GIF that was chosen. */
interface Choice {
  list: KeptList;
  file: string;
}

const KeptGrid: FunctionComponent<{ list: KeptList; choose(choice: Choice): void }> = ({ list, choose }) => {
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

const StickerPanel: FunctionComponent<{ close(choice?: Choice): void }> = ({ close }) => {
  const shown = useSignal<KeptList>('recent');
  return (
    <Dialog title={t('stickersAndGifs')} onClose={() => close()} className="sticker-panel">
      <Tabs label={t('stickersAndGifs')} tabs={LISTS.map((list) => ({ id: list, title: t(TABS[list]) }))} chosen={shown.value} onChoose={(list) => (shown.value = list)} />
      <div role="tabpanel" aria-label={t(TABS[shown.value])} class="kept-place">
        <KeptGrid list={shown.value} choose={close} />
      </div>
    </Dialog>
  );
};

/** Shows the stickers and GIFs that the account keeps, and sends the one that is chosen. @returns whether one is on its way */
export async function offerStickers(peer: PeerId, context: MessageContext = {}): Promise<boolean> {
  const choice = await openDialog<Choice>((close) => <StickerPanel close={close} />);
  return choice !== undefined && (await attempt(ask('media.sendKept', { peer, ...context, ...choice })));
}
