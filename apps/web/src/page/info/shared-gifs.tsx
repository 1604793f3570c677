import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { go } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { SharedList } from '../media/shared-list.tsx';
import { mediaOf } from '../media/shown-media.ts';
import { useMediaList } from '../media/use-media-list.ts';
import { VisualTile } from '../media/visual-tile.tsx';
import { addressBesideInfo } from './address-beside-info.ts';

/** Side of a tile, in pixels: the preview of this size is loaded. */
const SIDE = 120;

/** The GIFs of a chat, as pictures: they move in the chat, to which each leads. */
export const SharedGifs: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const list = useMediaList(peer, 'gifs');
  return (
    <SharedList list={list} empty={t('nothingFound')}>
      <ul class="shared-tiles">
        {list.messages.map((message) => {
          const media = mediaOf(message);
          return <li key={message.key}>{media && <VisualTile message={message} media={media} side={SIDE} name={t('mediaGif')} open={(shown) => go(addressBesideInfo(peer, shown))} />}</li>;
        })}
      </ul>
    </SharedList>
  );
};
