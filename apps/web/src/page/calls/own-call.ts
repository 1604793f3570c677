import { effect, signal } from '@preact/signals';
import { CallMedia, type CallMediaState } from '../../call-media/call-media.ts';
import type { CallEndReason, CallMaterial, OpenCall, PeerId } from '../../protocol/index.ts';
import { openCall } from '../ground/calls.ts';
import { ask, onSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { notify } from '../parts/notice.tsx';
import { type OwnMedia, takeScreen, tryCamera, tryMicrophone } from './take-media.ts';
import { playTone } from './tones.ts';

/** The lock that this page holds as long as it lives: when it is free, the worker ends the call of this page. */
const LOCK = `aerogram-call-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
let holding: Promise<void> | undefined;

/** Holds the lock of this page. */
function holdLock(): Promise<void> {
  return (holding ??= new Promise((held) => {
    void navigator.locks.request(LOCK, () => {
      held();
      return new Promise(() => undefined);
    });
  }));
}

/** What is known of the other side before there is a connection. */
const SILENT: CallMediaState = { phase: 'connecting', muted: false, remoteMuted: false, remoteVideoState: 'inactive', quality: 0, isRelayed: false };

/** The call that was begun or answered in this page: what is said, heard and seen of it. */
export class OwnCall {
  readonly peer: PeerId;
  readonly isVideo: boolean;
  readonly isOut: boolean;
  /** As the worker numbers it; undefined until it has taken the request. */
  id: number | undefined;
  /** What is heard and seen of the other side, and how well. */
  readonly talk = signal<CallMediaState>(SILENT);
  readonly isMuted = signal(false);
  readonly microphone = signal<MediaStreamTrack | undefined>(undefined);
  readonly camera = signal<MediaStreamTrack | undefined>(undefined);
  readonly screen = signal<MediaStreamTrack | undefined>(undefined);
  /** Places in the list of emoji. */
  readonly emoji = signal<number[]>([]);
  /** When the connection was lost, in milliseconds since 1970. */
  readonly lostAt = signal<number | undefined>(undefined);
  /** How it ended. */
  readonly end = signal<CallEndReason | undefined>(undefined);
  #media: CallMedia | undefined;
  #isJoining = false;
  #audio = new Audio();
  #stopTone: (() => void) | undefined;

  constructor({ peer, isVideo, isOut, id, own }: { peer: PeerId; isVideo: boolean; isOut: boolean; id?: number; own: OwnMedia }) {
    this.peer = peer;
    this.isVideo = isVideo;
    this.isOut = isOut;
    this.id = id;
    this.#watch(this.microphone, own.microphone);
    if (own.camera) this.#watch(this.camera, own.camera);
  }

  /** Looks how far the call is. */
  follow(call: OpenCall | undefined, end: { call: number; reason: CallEndReason } | undefined): void {
    if (this.id === undefined || this.end.value !== undefined) return;
    if (call?.id !== this.id) return this.close(end?.call === this.id ? end.reason : 'over');
    const isWaiting = call.isOut && call.stage === 'ringing';
    if (isWaiting) this.#stopTone ??= playTone('waiting');
    else this.#silence();
    if (call.stage === 'talking' && !this.#isJoining) void this.#join(call.id);
  }

  async #join(call: number): Promise<void> {
    this.#isJoining = true;
    try {
      const material = await ask('calls.join', { call });
      if (this.end.value === undefined) this.#begin(call, material);
    } catch {
      this.hangUp(true);
    }
  }

  #begin(call: number, { emoji, isOut, key, version, servers, allowsP2p, parameters }: CallMaterial): void {
    this.emoji.value = emoji;
    const media = new CallMedia({
      isCaller: isOut,
      key,
      version,
      relays: servers.map(({ ip, ...server }) => ({ ...server, host: ip })),
      p2pAllowed: allowsP2p,
      withVideo: this.camera.value !== undefined,
      microphone: this.microphone.value,
      camera: this.camera.value,
      isMuted: this.isMuted.value,
      sendSignalling: (data) => void ask('calls.signal', { call, data }).catch(() => undefined),
      customParameters: parameters,
    });
    this.#media = media;
    media.onChange((state) => this.#note(state));
    this.#note(media.state);
    if (this.screen.value) void media.setScreen(this.screen.value).catch(() => notify(t('callScreenFailed')));
  }

  /** What the other side says to the engine here. */
  hear(data: Uint8Array): void {
    this.#media?.receiveSignalling(data);
  }

  #note(state: CallMediaState): void {
    if (this.end.value !== undefined) return;
    const before = this.talk.value;
    this.talk.value = state;
    if (state.remoteAudio !== before.remoteAudio && state.remoteAudio) {
      this.#audio.srcObject = state.remoteAudio;
      void this.#audio.play().catch(() => undefined);
    }
    if (state.phase === 'failed') return this.hangUp(true);
    const isLost = state.phase === 'reconnecting';
    if (isLost === (this.lostAt.value !== undefined)) return;
    this.lostAt.value = isLost ? Date.now() : undefined;
  }

  toggleMute(): void {
    this.isMuted.value = !this.isMuted.value;
    if (this.microphone.value) this.microphone.value.enabled = !this.isMuted.value;
    this.#media?.setMuted(this.isMuted.value);
  }

  async toggleCamera(): Promise<void> {
    if (this.camera.value) return this.#setPicture('camera', undefined);
    const track = await tryCamera();
    if (track) await this.#setPicture('camera', track);
  }

  async toggleScreen(): Promise<void> {
    if (this.screen.value) return this.#setPicture('screen', undefined);
    const track = await takeScreen();
    if (track) await this.#setPicture('screen', track);
  }

  /** Takes another microphone or camera. */
  async use({ kind, deviceId }: Pick<MediaDeviceInfo, 'kind' | 'deviceId'>): Promise<void> {
    if (kind === 'videoinput') {
      const track = await tryCamera(deviceId);
      if (track) await this.#setPicture('camera', track);
      return;
    }
    const track = await tryMicrophone(deviceId);
    if (!track) return;
    if (this.end.value !== undefined) return track.stop();
    this.microphone.value?.stop();
    track.enabled = !this.isMuted.value;
    this.#watch(this.microphone, track);
    await this.#media?.setMicrophone(track).catch(() => undefined);
  }

  async #setPicture(name: 'camera' | 'screen', track: MediaStreamTrack | undefined): Promise<void> {
    const place = this[name];
    if (this.end.value !== undefined) return track?.stop();
    place.value?.stop();
    place.value = undefined;
    if (track) this.#watch(place, track);
    const shown = track ?? false;
    await (name === 'camera' ? this.#media?.setCamera(shown) : this.#media?.setScreen(shown))?.catch(() => notify(t(name === 'camera' ? 'callCameraFailed' : 'callScreenFailed')));
  }

  /** Keeps a track, until the device or the browser ends it. */
  #watch(place: { value: MediaStreamTrack | undefined }, track: MediaStreamTrack): void {
    place.value = track;
    track.addEventListener('ended', () => {
      if (place.value !== track) return;
      if (place === this.screen) void this.#setPicture('screen', undefined);
      else if (place === this.camera) void this.#setPicture('camera', undefined);
    });
  }

  /** Ends the call from here. */
  hangUp(isLost = false): void {
    if (this.id !== undefined) void ask('calls.end', { call: this.id, isLost }).catch(() => undefined);
    this.close(isLost ? 'lost' : 'over');
  }

  /** Lets everything go. */
  close(reason: CallEndReason): void {
    if (this.end.value !== undefined) return;
    this.end.value = reason;
    this.#silence();
    this.#media?.close();
    this.#audio.srcObject = null;
    for (const place of [this.microphone, this.camera, this.screen]) {
      place.value?.stop();
      place.value = undefined;
    }
    this.talk.value = SILENT;
    this.lostAt.value = undefined;
  }

  #silence(): void {
    this.#stopTone?.();
    this.#stopTone = undefined;
  }

  /** Says to the worker that this page calls. @throws RefusedError */
  async request(): Promise<void> {
    await holdLock();
    const { call } = await ask('calls.begin', { peer: this.peer, isVideo: this.isVideo, lock: LOCK });
    this.id = call;
    // Somebody has hung up before the worker had answered.
    if (this.end.value !== undefined) return void ask('calls.end', { call }).catch(() => undefined);
    follow();
  }

  /** Says to the worker that this page answers. */
  async accept(call: number): Promise<void> {
    await holdLock();
    await ask('calls.accept', { call, lock: LOCK });
    follow();
  }
}

/** The call of this page, until its end was seen. */
export const ownCall = signal<OwnCall | undefined>(undefined);

function follow(): void {
  const { call, end } = openCall.peek();
  ownCall.peek()?.follow(call, end);
}

onSignal((call, data) => {
  const own = ownCall.peek();
  if (own?.id === call) own.hear(data);
});

effect(() => {
  void openCall.value;
  follow();
});
