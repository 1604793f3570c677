import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Maximize from 'lucide-static/icons/maximize.svg';
import Minimize from 'lucide-static/icons/minimize.svg';
import Minimize2 from 'lucide-static/icons/minimize-2.svg';
import MicOff from 'lucide-static/icons/mic-off.svg';
import type { PeerId } from '../../protocol/index.ts';
import { openCall } from '../ground/calls.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Name, nameOf } from '../parts/names.tsx';
import { useSeconds } from '../parts/use-seconds.ts';
import { CallControls } from './call-controls.tsx';
import { CallEnded } from './call-ended.tsx';
import { CallKey } from './call-key.tsx';
import { CallTime } from './call-time.tsx';
import { type OwnCall, ownCall } from './own-call.ts';
import { Quality } from './quality.tsx';
import { leaveCall } from './start-call.ts';
import { StreamVideo } from './stream-video.tsx';

/** Says that nothing arrives any more, and since when. */
const Lost: FunctionComponent<{ since: number }> = ({ since }) => {
  const now = useSeconds(Infinity);
  return (
    <div class="call-lost" role="status">
      <p class="call-lost-pill">
        <span class="call-spinner" aria-hidden="true" />
        {t('callReconnecting')}
      </p>
      <p>{t('connectionLost', { n: Math.max(0, now - Math.floor(since / 1000)) })}</p>
    </div>
  );
};

/** Shows a part of the page in the whole screen, or not any more. */
const FullScreen: FunctionComponent<{ of(): HTMLElement | null }> = ({ of }) => {
  const isFull = useSignal(false);
  useEffect(() => {
    const look = (): void => void (isFull.value = document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  if (!document.fullscreenEnabled) return <span class="round" aria-hidden="true" />;
  const toggle = (): void => void (isFull.value ? document.exitFullscreen() : of()?.requestFullscreen())?.catch(() => undefined);
  return (
    <button class="round" type="button" aria-label={t(isFull.value ? 'leaveFullScreen' : 'fullScreen')} onClick={toggle}>
      {isFull.value ? <Minimize /> : <Maximize />}
    </button>
  );
};

/** Face, name and how far the call is: all there is without a picture. */
const Face: FunctionComponent<{ call: OwnCall }> = ({ call: own }) => {
  const { call } = openCall.value;
  const { phase, quality, remoteMuted } = own.talk.value;
  return (
    <div class="call-middle">
      <div class="call-halo">
        <Avatar peer={own.peer} size="large" />
      </div>
      <h1 tabIndex={-1}>
        <Name peer={own.peer} />
      </h1>
      <p class="call-state" role="status">
        {phase === 'connected' && <Quality bars={quality} />}
        <CallTime call={call} phase={phase} />
      </p>
      {remoteMuted && <TheyAreMuted peer={own.peer} />}
    </div>
  );
};

const TheyAreMuted: FunctionComponent<{ peer: PeerId }> = ({ peer }) => (
  <p class="call-muted" role="status">
    <MicOff />
    {t('theyAreMuted', { name: nameOf(peerSignal(peer).value) })}
  </p>
);

const Running: FunctionComponent<{ call: OwnCall }> = ({ call: own }) => {
  const stage = useRef<HTMLElement>(null);
  const { remoteCamera, remoteScreen, remoteVideoState, quality, remoteMuted, phase } = own.talk.value;
  const name = nameOf(peerSignal(own.peer).value);
  const shown = remoteScreen ?? (remoteVideoState === 'inactive' ? undefined : remoteCamera);
  const [shared, seen, emoji, lostAt] = [own.screen.value, own.camera.value, own.emoji.value, own.lostAt.value];
  const mine = shared ?? seen;
  useEffect(() => stage.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented && document.fullscreenElement === null) leaveCall(own.peer);
  };
  return (
    <main ref={stage} class={`call-stage${shown ? ' has-picture' : ''}${lostAt === undefined ? '' : ' is-lost'}`} aria-label={t('inCallWith', { name })} onKeyDown={onKeyDown}>
      {shown && <StreamVideo of={shown} label={t(remoteScreen ? 'screenOf' : 'pictureOf', { name })} className={`call-picture${remoteScreen ? ' is-screen' : ''}`} />}
      <header class="call-top">
        <button class="round" type="button" aria-label={t('minimizeCall')} onClick={() => leaveCall(own.peer)}>
          <Minimize2 />
        </button>
        {emoji.length > 0 ? <CallKey peer={own.peer} places={emoji} /> : <span />}
        <FullScreen of={() => stage.current} />
      </header>
      {shown ? (
        <div class="call-caption">
          <h1 tabIndex={-1}>
            <Name peer={own.peer} />
          </h1>
          <p class="call-state">
            <Quality bars={quality} />
            <CallTime call={openCall.value.call} phase={phase} />
          </p>
          {remoteMuted && <TheyAreMuted peer={own.peer} />}
        </div>
      ) : (
        <Face call={own} />
      )}
      {lostAt !== undefined && <Lost since={lostAt} />}
      {mine && <StreamVideo of={mine} label={t('ownPicture')} className={`call-own${shared ? ' is-screen' : ''}`} />}
      <CallControls call={own} />
    </main>
  );
};

/** The call of this page in the place of a chat. Where there is none any more, the chat comes back. */
export const CallStage: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const own = ownCall.value;
  const isHere = own?.peer === peer;
  useEffect(() => {
    if (!isHere) go(chatAddress(peer), true);
  }, [isHere]);
  if (!own || !isHere) return <main class="chat" aria-label={t('loading')} />;
  return own.end.value === undefined ? <Running call={own} /> : <CallEnded call={own} reason={own.end.value} />;
};
