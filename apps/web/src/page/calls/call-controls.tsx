import type { ComponentType, FunctionComponent } from 'preact';
import Mic from 'lucide-static/icons/mic.svg';
import MicOff from 'lucide-static/icons/mic-off.svg';
import PhoneOff from 'lucide-static/icons/phone-off.svg';
import ScreenShare from 'lucide-static/icons/screen-share.svg';
import ScreenShareOff from 'lucide-static/icons/screen-share-off.svg';
import Settings from 'lucide-static/icons/settings-2.svg';
import Video from 'lucide-static/icons/video.svg';
import VideoOff from 'lucide-static/icons/video-off.svg';
import { t } from '../ground/text.ts';
import { openMenu } from '../parts/menu.tsx';
import type { OwnCall } from './own-call.ts';

interface ControlProps {
  icon: ComponentType;
  name: string;
  className?: string;
  act(place: HTMLElement): void;
}

/** A round button of a call, with its name below. */
export const Control: FunctionComponent<ControlProps> = ({ icon: Icon, name, className = '', act }) => (
  <button class={`call-control ${className}`} type="button" onClick={({ currentTarget }) => act(currentTarget)}>
    <span class="call-control-face">
      <Icon />
    </span>
    <span>{name}</span>
  </button>
);

/** Offers the microphones and cameras that there are. */
async function chooseDevice(call: OwnCall, place: HTMLElement): Promise<void> {
  const used = new Set([call.microphone.value, call.camera.value].map((track) => track?.getSettings().deviceId));
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind, deviceId }) => deviceId !== '' && (kind === 'audioinput' || kind === 'videoinput'));
  const items = devices.map((device) => {
    const name = t(device.kind === 'audioinput' ? 'microphoneOf' : 'cameraOf', { name: device.label });
    return { name: used.has(device.deviceId) ? t('chosenDevice', { name }) : name, act: () => void call.use(device) };
  });
  openMenu({ items, label: t('callDevices'), place });
}

/** What one can do in a call. */
export const CallControls: FunctionComponent<{ call: OwnCall }> = ({ call }) => {
  const [isMuted, isShown, isShared] = [call.isMuted.value, call.camera.value !== undefined, call.screen.value !== undefined];
  const mayShareScreen = 'getDisplayMedia' in navigator.mediaDevices;
  return (
    <div class="call-controls" role="toolbar" aria-label={t('call')}>
      <Control icon={isMuted ? MicOff : Mic} name={t(isMuted ? 'unmuteMicrophone' : 'muteMicrophone')} className={isMuted ? 'is-on' : ''} act={() => call.toggleMute()} />
      <Control icon={isShown ? Video : VideoOff} name={t(isShown ? 'stopVideo' : 'startVideo')} className={isShown ? 'is-on' : ''} act={() => void call.toggleCamera()} />
      {mayShareScreen && <Control icon={isShared ? ScreenShareOff : ScreenShare} name={t(isShared ? 'stopScreen' : 'shareScreen')} className={isShared ? 'is-on' : ''} act={() => void call.toggleScreen()} />}
      <Control icon={Settings} name={t('callDevices')} act={(place) => void chooseDevice(call, place)} />
      <Control icon={PhoneOff} name={t('hangUp')} className="is-hang" act={() => call.hangUp()} />
    </div>
  );
};
