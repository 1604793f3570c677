import type { FunctionComponent, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import ImageOff from 'lucide-static/icons/image-off.svg';
import type { Message } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { localAddresses } from './local-addresses.ts';
import { stopPlaying } from './player.ts';
import { fileOf, mediaOf, pictureOf, type ShownMedia } from './shown-media.ts';
import { canStream, openSource, type PlaySource, WHOLE_MAX } from './stream.ts';
import { Sticker } from '../motion/sticker.tsx';
import { usePicture } from '../motion/use-picture.ts';

/** The longer side of a picture that fills most screens, in pixels: it is shown until the largest one has come. */
export const SCREEN_SIDE = 1280;

/** Longer side of a sticker, in pixels. */
const STICKER_SIDE = 320;

/** What stands in place of something that cannot be shown. */
const Broken: FunctionComponent<{ text: string }> = ({ text }) => (
  <p class="viewer-broken">
    <ImageOff />
    {text}
  </p>
);

interface ViewedProps {
  message: Message;
  media: ShownMedia;
  /** The element whose size bounds how far it is moved. */
  element: RefObject<HTMLElement | null>;
  /** How fast a video is played. */
  speed: number;
}

const ViewedPhoto: FunctionComponent<Omit<ViewedProps, 'speed'>> = ({ message, media, element }) => {
  const { photo, width, height } = media;
  const own = localAddresses(message.key, media.local)?.file;
  const isUndecodable = useSignal(false);
  const screen = usePicture(own === undefined ? pictureOf(message, media, SCREEN_SIDE) : undefined, photo?.preview).value;
  const largest = usePicture(own === undefined && photo ? pictureOf(message, media, Infinity) : undefined).value;
  const address = own ?? (largest.isWhole ? largest.address : screen.address);
  if (isUndecodable.value || (screen.isBroken && address === undefined)) return <Broken text={t('cannotShow')} />;
  const isSharp = own !== undefined || largest.isWhole || screen.isWhole;
  return (
    <img
      ref={element as RefObject<HTMLImageElement>}
      class={`viewer-picture${isSharp ? '' : ' is-preview'}`}
      src={address}
      alt={t('mediaPhoto')}
      width={width}
      height={height}
      decoding="async"
      draggable={false}
      onError={() => (isUndecodable.value = true)}
    />
  );
};

const ViewedVideo: FunctionComponent<ViewedProps> = ({ message, media, element, speed }) => {
  const { document, local, width, height } = media;
  const source = useSignal<PlaySource | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const isWhole = useSignal(!canStream());
  const own = localAddresses(message.key, local)?.file;
  const picture = usePicture(document && pictureOf(message, media, SCREEN_SIDE), document?.preview).value;
  useEffect(() => {
    stopPlaying();
    if (own !== undefined || !document) return undefined;
    let isGone = false;
    let opened: PlaySource | undefined;
    openSource(fileOf(message, document), document.bytes, isWhole.value).then(
      (found) => {
        if (isGone) found.release();
        else source.value = opened = found;
      },
      (error: unknown) => (problem.value = t(error instanceof RangeError ? 'tooLongToPlay' : 'cannotShow')),
    );
    return () => {
      isGone = true;
      opened?.release();
    };
  }, [message.key, isWhole.value]);
  useEffect(() => {
    const { current: video } = element;
    // A player takes the default one for each new source.
    if (video instanceof HTMLVideoElement) video.playbackRate = video.defaultPlaybackRate = speed;
  });
  const onError = (): void => {
    // What cannot be played as a stream may be played as a whole.
    if (source.value?.isStream && (document?.bytes ?? Infinity) <= WHOLE_MAX) isWhole.value = true;
    else problem.value = t('cannotShow');
  };
  if (problem.value !== undefined) return <Broken text={problem.value} />;
  return (
    <video
      ref={element as RefObject<HTMLVideoElement>}
      class="viewer-picture"
      src={own ?? source.value?.address}
      poster={picture.address}
      aria-label={t('mediaVideo')}
      width={width}
      height={height}
      controls
      autoplay
      playsInline
      onError={onError}
    />
  );
};

/** A photo, video or sticker in the viewer. */
export const ViewedMedia: FunctionComponent<Omit<ViewedProps, 'media'>> = ({ message, element, speed }) => {
  const media = mediaOf(message);
  if (!media) return <Broken text={t('cannotShow')} />;
  if (media.role === 'sticker' && media.document) {
    return <Sticker file={fileOf(message, media.document)} mime={media.document.mime} preview={media.document.preview} side={STICKER_SIDE} width={media.width} height={media.height} />;
  }
  return media.role === 'photo' ? <ViewedPhoto message={message} media={media} element={element} /> : <ViewedVideo message={message} media={media} element={element} speed={speed} />;
};
