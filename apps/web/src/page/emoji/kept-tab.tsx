import type { FunctionComponent } from 'preact';
import type { KeptList } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { Sticker } from '../motion/sticker.tsx';

/** Longer side of a sticker or GIF in the panel, in pixels. */
const SIDE = 66;

/** A sticker or GIF that was chosen: of a list of the account, or of a set. */
export interface KeptChoice {
  list: KeptList | 'set';
  file: string;
}

/** The GIFs that the account keeps. */
export const GifsTab: FunctionComponent<{ choose(choice: KeptChoice): void }> = ({ choose }) => {
  const { documents } = useView('kept', { list: 'gifs' }).state.value;
  if (documents?.length === 0) return <p class="empty">{t('noGifs')}</p>;
  return (
    <ul class="kept kept-place" aria-busy={documents === undefined}>
      {documents?.map(({ document: { id, mime, preview, width, height } }) => (
        <li key={id}>
          <button type="button" onClick={() => choose({ list: 'gifs', file: id })}>
            <Sticker file={{ of: 'kept', list: 'gifs', file: id, size: '' }} mime={mime} preview={preview} side={SIDE} width={width} height={height} />
          </button>
        </li>
      ))}
    </ul>
  );
};
