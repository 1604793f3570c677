import { t } from '../ground/text.ts';
import { notify } from '../parts/notice.tsx';

/** What the own side of a call says and shows. */
export interface OwnMedia {
  microphone: MediaStreamTrack;
  camera?: MediaStreamTrack | undefined;
}

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 30 } } as const;

/** Asks for the microphone. @param deviceId of the one that is wanted */
async function takeMicrophone(deviceId?: string): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...SOUND, ...(deviceId === undefined ? {} : { deviceId }) } });
  return stream.getAudioTracks()[0]!;
}

/** Asks for the camera. @throws DOMException */
async function takeCamera(deviceId?: string): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, ...(deviceId === undefined ? { facingMode: 'user' } : { deviceId }) } });
  return stream.getVideoTracks()[0]!;
}

/** Asks for the camera, and says so if there is none. */
export async function tryCamera(deviceId?: string): Promise<MediaStreamTrack | undefined> {
  try {
    return await takeCamera(deviceId);
  } catch {
    notify(t('callCameraFailed'));
    return undefined;
  }
}

/** Asks for the microphone, and says why there is none. */
export async function tryMicrophone(deviceId?: string): Promise<MediaStreamTrack | undefined> {
  try {
    return await takeMicrophone(deviceId);
  } catch (error) {
    notify(t(error instanceof DOMException && error.name === 'NotFoundError' ? 'callMicrophoneMissing' : 'callMicrophoneRefused'));
    return undefined;
  }
}

/** Asks for all that a call needs. Without a microphone there is none; without a camera the other side only hears. */
export async function takeMedia(isVideo: boolean): Promise<OwnMedia | undefined> {
  const microphone = await tryMicrophone();
  return microphone && { microphone, camera: isVideo ? await tryCamera() : undefined };
}

/** Asks which screen or window to share. */
export async function takeScreen(): Promise<MediaStreamTrack | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
    return stream.getVideoTracks()[0];
  } catch (error) {
    // Whoever leaves the question has decided.
    if (!(error instanceof DOMException && error.name === 'NotAllowedError')) notify(t('callScreenFailed'));
    return undefined;
  }
}
