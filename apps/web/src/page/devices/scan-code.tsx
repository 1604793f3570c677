import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import Camera from 'lucide-static/icons/camera.svg';
import { t } from '../ground/text.ts';
import { notify } from '../parts/notice.tsx';

/** How often a picture of the camera is looked at, in milliseconds, and its longer side, in pixels. */
const LOOK_MS = 200;
const SIDE = 640;

interface ScanCodeProps {
  /** Gets each text that was read. @returns whether it is the one that was looked for: then the camera is switched off */
  take(text: string): Promise<boolean>;
}

/** Says why there is no camera. */
function explain(error: unknown): string {
  if (error instanceof DOMException && error.name === 'NotAllowedError') return t('cameraDenied');
  return t('cameraAbsent');
}

/** Looks for a code in what a camera shows. @returns what stops it */
function watchCamera(video: HTMLVideoElement, onText: (text: string) => void): () => void {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  // What reads codes is needed by few people.
  const reader = import('qr/decode.js');
  const look = async (): Promise<void> => {
    const { default: decode } = await reader;
    const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight, 1));
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (!context || canvas.width === 0) return;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      onText(decode(context.getImageData(0, 0, canvas.width, canvas.height)));
    } catch {
      // There is no code in most pictures.
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}

/** Reads a code by the camera, where there is one. */
export const ScanCode: FunctionComponent<ScanCodeProps> = ({ take }) => {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useSignal<MediaStream | undefined>(undefined);
  const isGone = useRef(false);
  const stop = (): void => {
    for (const track of stream.value?.getTracks() ?? []) track.stop();
    stream.value = undefined;
  };
  useEffect(
    () => () => {
      isGone.current = true;
      stop();
    },
    [],
  );
  useEffect(() => {
    const { current } = video;
    if (!stream.value || !current) return undefined;
    current.srcObject = stream.value;
    void current.play().catch(() => undefined);
    let isTaken = false;
    const onText = async (text: string): Promise<void> => {
      if (isTaken) return;
      isTaken = true;
      if (await take(text)) stop();
      isTaken = false;
    };
    return watchCamera(current, (text) => void onText(text));
  }, [stream.value]);
  const start = async (): Promise<void> => {
    try {
      stream.value = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isGone.current) stop();
    } catch (error) {
      notify(explain(error));
    }
  };
  if (!isSecureContext || !navigator.mediaDevices) return <p class="hint">{t('cameraInsecure')}</p>;
  if (!stream.value) {
    return (
      <button class="button button-plain" type="button" onClick={() => void start()}>
        <Camera />
        {t('scanCode')}
      </button>
    );
  }
  return (
    <div class="camera">
      <video ref={video} aria-label={t('cameraPicture')} muted playsInline disablePictureInPicture />
      <p class="hint" role="status">
        {t('scanning')}
      </p>
      <button class="button button-plain" type="button" onClick={stop}>
        {t('stopScanning')}
      </button>
    </div>
  );
};
