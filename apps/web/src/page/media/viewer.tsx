import type { FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import ChevronLeft from 'lucide-static/icons/chevron-left.svg';
import ChevronRight from 'lucide-static/icons/chevron-right.svg';
import type { Message } from '../../protocol/index.ts';
import { FormattedText } from '../text/formatted-text.tsx';
import { openDialog } from '../parts/dialog.tsx';
import { pictureAddress } from '../parts/pictures.ts';
import { t } from '../ground/text.ts';
import { followGestures } from './gestures.ts';
import { mediaOf, pictureOf } from './shown-media.ts';
import { ViewerBar } from './viewer-bar.tsx';
import { ViewerList } from './viewer-list.ts';
import { SCREEN_SIDE, ViewedMedia } from './viewer-media.tsx';
import { NO_ZOOM, type Point, SCALE_STEP, type Zoom, zoomAt } from './zoom.ts';

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
  const drag = useSignal<Point>({ x: 0, y: 0 });
  const message = list.shown.value;
  const { previous, next } = list.neighbours.value;
  usePreload([previous, next]);

  const move = (step: 1 | -1): void => {
    zoom.value = NO_ZOOM;
    list.move(step);
  };
  const zoomBy = (factor: number): void => void (zoom.value = zoomAt(zoom.value, factor));
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    const stop = followGestures({ place: place.current!, zoom, drag, picture: () => element.current, move, close });
    return () => {
      stop();
      dialog.current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    // The keys of a player are its own.
    if (event.target instanceof HTMLVideoElement && event.key !== 'Escape') return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (step !== undefined) move(step);
    else if (event.key === '+' || event.key === '=') zoomBy(SCALE_STEP);
    else if (event.key === '-') zoomBy(1 / SCALE_STEP);
    else if (event.key === '0') zoom.value = NO_ZOOM;
    else return;
    event.preventDefault();
  };
  const { scale, x, y } = zoom.value;
  const isDragged = drag.value.x !== 0 || drag.value.y !== 0;
  return (
    <dialog ref={dialog} class="viewer" aria-label={t('mediaViewer')} onCancel={close} onKeyDown={onKeyDown} style={{ '--faded': String(1 - Math.min(1, drag.value.y / FADE)) }}>
      <ViewerBar message={message} place={list.place.value} isZoomed={scale > 1} zoomBy={zoomBy} close={close} />
      <div ref={place} class={`viewer-place${scale > 1 ? ' is-zoomed' : ''}`}>
        <div class={`viewer-moved${isDragged ? ' is-dragged' : ''}`} style={{ transform: `translate(${x + drag.value.x}px, ${y + drag.value.y}px) scale(${scale})` }}>
          <ViewedMedia key={message.key} message={message} element={element} />
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
