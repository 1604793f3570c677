import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { AudioContent } from './audio.tsx';
import { layoutAlbum } from './album-layout.ts';
import { FileContent } from './file.tsx';
import { isVisual, mediaOf, type ShownMedia } from './shown-media.ts';
import { VisualTile } from './visual-tile.tsx';

/** Largest sides of what is shown in the history, in pixels. */
const BOX = { width: 420, height: 460 };
/** Room for the signs on it. */
const WIDTH_MIN = { photo: 140, video: 240 };

/** The width of an album or of a single picture, which is not made larger than it is. Pure. */
function widthOf(media: readonly ShownMedia[], ratio: number): number {
  const widest = Math.min(BOX.width, BOX.height * ratio);
  const [single] = media;
  if (!single || media.length > 1) return widest;
  return Math.min(widest, Math.max(single.role === 'video' ? WIDTH_MIN.video : WIDTH_MIN.photo, single.width ?? widest));
}

const part = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** Photos and videos of one album, or a single one; files and music below each other. Their places are there before their bytes are. */
export const AlbumGrid: FunctionComponent<{ messages: readonly Message[]; open?(message: Message): void }> = ({ messages, open }) => {
  const shown = messages.flatMap((message) => {
    const media = mediaOf(message);
    return media ? [{ message, media }] : [];
  });
  if (!shown.every(({ media }) => isVisual(media))) {
    return (
      <div class="album-list">
        {shown.map(({ message, media }) => (media.role === 'audio' ? <AudioContent key={message.key} message={message} /> : <FileContent key={message.key} message={message} />))}
      </div>
    );
  }
  const { tiles, ratio } = layoutAlbum(shown.map(({ media }) => media));
  const width = widthOf(shown.map(({ media }) => media), ratio);
  return (
    <div class={`album${shown.length > 1 ? ' album-many' : ''}`} style={{ inlineSize: `${Math.round(width)}px`, aspectRatio: ratio.toFixed(4) }}>
      {shown.map(({ message, media }, index) => {
        const tile = tiles[index]!;
        const side = Math.max(tile.width * width, (tile.height * width) / ratio);
        return (
          <div key={message.key} class="album-tile" style={{ insetInlineStart: part(tile.x), insetBlockStart: part(tile.y), inlineSize: part(tile.width), blockSize: part(tile.height) }}>
            <VisualTile message={message} media={media} side={side} open={open} />
          </div>
        );
      })}
    </div>
  );
};
