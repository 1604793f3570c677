import type { FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import ChevronLeft from 'lucide-static/icons/chevron-left.svg';
import ChevronRight from 'lucide-static/icons/chevron-right.svg';
import type { Message } from '../../protocol/index.ts';
import { FormattedText } from '../text/formatted-text.tsx';
import { viewerTexts } from '../../texts/en/viewer.ts';
import { chatAddress, go } from '../ground/route.ts';
import { addTexts, t } from '../ground/text.ts';
import { openDialog } from '../parts/dialog.tsx';
import { pictureAddress } from '../ground/pictures.ts';
import { copyPicture } from './copy-picture.ts';
import { followGestures } from './gestures.ts';
import { SPEEDS } from './player.ts';
import { mediaOf, pictureOf } from './shown-media.ts';
import { ViewerBar } from './viewer-bar.tsx';
import { ViewerList } from './viewer-list.ts';
import { SCREEN_SIDE, ViewedMedia } from './viewer-media.tsx';
import { NO_ZOOM, type Point, SCALE_STEP, type Zoom, zoomAt } from './zoom.ts';

addTexts(viewerTexts);

/** How far a picture is dragged when the viewer around it has vanished, in pixels. */
const FADE = 400;

/** Loads the pictures next to the one that is shown. */
function usePreload(messages: (Message | undefined)[]): void {
  const wanted = messages.flatMap((message) => {
    const media = message && mediaOf(message);
    const file = media && pictureOf(message, media, SCREEN_SIDE);
    return file ? [file] : [];
  });
  useEffect(() => {
    for (const file of wanted) pictureAddress(file).release();
  }, [JSON.stringify(wanted)]);
}

/** A photo or video on the whole window, and the way to the others of its chat. */
const Viewer: FunctionComponent<{ message: Message; all?: readonly Message[]; close(): void }> = ({ message: first, all, close }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLElement>(null);
  const list = useMemo(() => new ViewerList(first, all), []);
  const zoom = useSignal<Zoom>(NO_ZOOM);
  /** Quarters of a circle. */
  const turns = useSignal(0);
  const speed = useSignal<number>(SPEEDS[0]);
  const drag = useSignal<Point>({ x: 0, y: 0 });
  const message = list.shown.value;
  const { previous, next } = list.neighbours.value;
  usePreload([previous, next]);

  const straighten = (): void => {
    zoom.value = NO_ZOOM;
    turns.value = 0;
  };
  const move = (step: 1 | -1): void => {
    straighten();
    list.move(step);
  };
  const rotate = (): void => {
    zoom.value = NO_ZOOM;
    turns.value++;
  };
  const changeSpeed = (): void => void (speed.value = SPEEDS[(SPEEDS.findIndex((each) => each === speed.value) + 1) % SPEEDS.length]!);
  const copy = (): void => {
    if (element.current instanceof HTMLImageElement) void copyPicture(element.current);
  };
  const showInChat = (): void => {
    close();
    const { peer, id } = list.shown.value;
    // An address that stands there already would lead nowhere.
    if (location.hash === chatAddress(peer, id)) go(chatAddress(peer), true);
    go(chatAddress(peer, id));
  };
  const onDeleted = (): void => {
    straighten();
    if (!list.remove()) close();
  };
  const zoomBy = (factor: number): void => void (zoom.value = zoomAt(zoom.value, factor));
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    const stop = followGestures({ place: place.current!, zoom, drag, picture: () => element.current, isOnSide: () => turns.value % 2 === 1, move, close });
    return () => {
      stop();
      dialog.current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  useLayoutEffect(() => {
    // The keys of a button end with it, when it is gone or disabled.
    if (document.activeElement === document.body || document.activeElement?.matches(':disabled')) dialog.current?.focus();
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    // The keys of a player are its own.
    if (event.target instanceof HTMLVideoElement && event.key !== 'Escape') return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (step !== undefined) move(step);
    else if (event.key === '+' || event.key === '=') zoomBy(SCALE_STEP);
    else if (event.key === '-') zoomBy(1 / SCALE_STEP);
    else if (event.key === '0') zoom.value = NO_ZOOM;
    else if (event.key.toLowerCase() === 'r' && !event.ctrlKey && !event.metaKey && !event.altKey) rotate();
    else return;
    event.preventDefault();
  };
  const { scale, x, y } = zoom.value;
  const isVideo = !['photo', 'sticker'].includes(mediaOf(message)?.role ?? 'photo');
  const isDragged = drag.value.x !== 0 || drag.value.y !== 0;
  return (
    <dialog ref={dialog} class="viewer" tabIndex={-1} aria-label={t('mediaViewer')} onCancel={close} onKeyDown={onKeyDown} style={{ '--faded': String(1 - Math.min(1, drag.value.y / FADE)) }}>
      <ViewerBar
        message={message}
        isWhole={all === undefined}
        place={list.place.value}
        isZoomed={scale > 1}
        speed={isVideo ? speed.value : undefined}
        {...{ zoomBy, rotate, changeSpeed, copy, showInChat, onDeleted, close }}
      />
      <div ref={place} class={`viewer-place${scale > 1 ? ' is-zoomed' : ''}`}>
        <div
          key={message.key}
          class={`viewer-moved${isDragged ? ' is-dragged' : ''}${turns.value % 2 === 1 ? ' is-on-side' : ''}`}
          style={{ transform: `translate(${x + drag.value.x}px, ${y + drag.value.y}px) scale(${scale}) rotate(${turns.value / 4}turn)` }}
        >
          <ViewedMedia message={message} element={element} speed={speed.value} />
        </div>
      </div>
      <button class="round viewer-step viewer-previous" type="button" aria-label={t('previous')} disabled={!previous} onClick={() => move(-1)}>
        <ChevronLeft />
      </button>
      <button class="round viewer-step viewer-next" type="button" aria-label={t('next')} disabled={!next} onClick={() => move(1)}>
        <ChevronRight />
      </button>
      {message.text !== '' && (
        <div class="viewer-caption" dir="auto">
          <FormattedText text={message.text} entities={message.entities} />
        </div>
      )}
    </dialog>
  );
};

/** Shows a photo or video on the whole window until the viewer is closed. @param all those through which one can go, if not through those of the chat */
export async function openViewer(message: Message, all?: readonly Message[]): Promise<void> {
  await openDialog((close) => <Viewer message={message} all={all} close={() => close()} />);
}
