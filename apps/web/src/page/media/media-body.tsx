import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Message } from '../../protocol/index.ts';
import { AlbumGrid } from './album-grid.tsx';
import { AudioContent } from './audio.tsx';
import { FileContent } from './file.tsx';
import { GifContent } from './gif.tsx';
import { RoundContent } from './round.tsx';
import { fileOf, mediaOf, type ShownMedia } from './shown-media.ts';
import { Sticker } from '../motion/sticker.tsx';
import { followFavourites } from '../stickers/favourites.ts';
import { openSet } from '../stickers/open-set.ts';
import { VoiceContent } from './voice.tsx';

/** Longer side of a sticker in the history, in pixels. */
const STICKER_SIDE = 192;

/** The sticker of a message; pressed, it shows its set. */
const StickerContent: FunctionComponent<{ message: Message; media: ShownMedia }> = ({ message, media: { document, width, height } }) => {
  // The menu of the message offers what depends on it.
  useEffect(followFavourites, []);
  if (!document) return null;
  const shown = <Sticker file={fileOf(message, document)} mime={document.mime} preview={document.preview} side={STICKER_SIDE} width={width} height={height} />;
  if (!document.hasSet || message.id === 0) return shown;
  return (
    <button class="sticker-button" type="button" onClick={() => void openSet({ by: 'message', peer: message.peer, message: message.id })}>
      {shown}
    </button>
  );
};

/** The photo or file of a message, however it is shown. @param open what opens a photo or video, if not the viewer of all of the chat */
export const MediaBody: FunctionComponent<{ message: Message; open?(message: Message): void }> = ({ message, open }) => {
  const media = mediaOf(message);
  switch (media?.role) {
    case undefined:
      return null;
    case 'photo':
    case 'video':
      return <AlbumGrid messages={[message]} open={open} />;
    case 'gif':
      return <GifContent message={message} />;
    case 'round':
      return <RoundContent message={message} />;
    case 'voice':
      return <VoiceContent message={message} />;
    case 'audio':
      return <AudioContent message={message} />;
    case 'sticker':
      return <StickerContent message={message} media={media} />;
    case 'file':
      return <FileContent message={message} />;
  }
};
