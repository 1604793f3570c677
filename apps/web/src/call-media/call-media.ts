// The media half of a one-to-one call, in the page: a PeerConnection, and what it says to the other end. It keeps nothing and asks no server.
import { Connection } from './connection.ts';
import { type Counts, readQuality } from './quality.ts';
import { Signalling } from './signalling.ts';
import { type MediaState, parseMessage, type VideoState, writeMessage } from './signalling-messages.ts';

/** How far the connection to the other end is. After `failed` nothing is tried any more. */
export type CallPhase = 'connecting' | 'connected' | 'reconnecting' | 'failed';

/** Whether a picture is sent: `suspended` is a picture that its sender has stopped for a while. */
export type { VideoState };

/** A server by which both ends find their addresses (`stun`), or which passes on what they send (`turn`). */
export interface CallRelay {
  kind: 'stun' | 'turn';
  /** IPv4 address or name; may be empty if there is an IPv6 address. */
  host: string;
  ipv6?: string;
  port: number;
  username: string;
  password: string;
}

export interface CallMediaOptions {
  isCaller: boolean;
  /** 256 bytes that only the two ends know. */
  key: Uint8Array;
  /** The version that both ends chose: `13.0.0`, `9.0.0` or `8.0.0`. */
  version: string;
  relays: CallRelay[];
  /** False: only what a relay passes on is used, so that the other end learns no address. */
  p2pAllowed: boolean;
  /** Starts with the camera. */
  withVideo: boolean;
  /** The microphone, if the page has it already; otherwise it is asked for. Belongs to the caller of this class, and is never stopped here. */
  microphone?: MediaStreamTrack | undefined;
  /** The camera, if the page has it already. Used only if `withVideo` is true; otherwise the call starts without a picture. */
  camera?: MediaStreamTrack | undefined;
  isMuted?: boolean | undefined;
  /** Hands bytes to the other end, through the server. */
  sendSignalling(data: Uint8Array): void;
  /** JSON of `phoneCall.custom_parameters`. */
  customParameters?: string | undefined;
}

export interface CallMediaState {
  phase: CallPhase;
  localCamera?: MediaStream | undefined;
  localScreen?: MediaStream | undefined;
  remoteAudio?: MediaStream | undefined;
  remoteCamera?: MediaStream | undefined;
  remoteScreen?: MediaStream | undefined;
  muted: boolean;
  remoteMuted: boolean;
  remoteVideoState: VideoState;
  /** 0 (nothing is known, or nothing comes through) to 4 (good). */
  quality: number;
  isRelayed: boolean;
}

/** How long a connection is waited for, at first and when it is lost, in milliseconds. */
const WAIT_MS = 30_000;
/** How long a lost connection may come back by itself before ICE is restarted, in milliseconds. */
const RESTART_MS = 3_000;
/** How long a restart of ICE is waited for before the next one, in milliseconds. */
const RESTART_AGAIN_MS = 8_000;

const QUALITY_MS = 2_000;

function iceServers(relays: CallRelay[]): RTCIceServer[] {
  return relays.flatMap(({ kind, host, ipv6, port, username, password }) =>
    [host, ipv6 ? `[${ipv6}]` : ''].filter((each) => each !== '').map((address) => {
      const urls = `${kind}:${address}:${port}`;
      return kind === 'stun' ? { urls } : { urls, username, credential: password };
    }));
}

/** Whether the server has told both ends to leave SCTP out. */
function isWithoutSctp(customParameters: string | undefined): boolean {
  try {
    const parameters: unknown = JSON.parse(customParameters ?? '{}');
    return typeof parameters === 'object' && parameters !== null && 'network_signaling_nosctp' in parameters && parameters.network_signaling_nosctp === true;
  } catch {
    return false;
  }
}

/** One end of a call. It connects as soon as it is made. */
export class CallMedia {
  readonly #options: CallMediaOptions;
  readonly #listeners = new Set<(state: CallMediaState) => void>();
  readonly #signalling: Signalling;
  readonly #connection: Connection;
  /** Tracks that were asked for here, and are stopped here. */
  readonly #owned = new Set<MediaStreamTrack>();
  #microphone: MediaStreamTrack | undefined;
  #state: CallMediaState;
  #remote: MediaState | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #qualityTimer: ReturnType<typeof setInterval>;
  #counts: Counts = { received: 0, lost: 0 };
  #isClosed = false;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#state = { phase: 'connecting', muted: options.isMuted ?? false, remoteMuted: false, remoteVideoState: 'inactive', quality: 0, isRelayed: false };
    this.#signalling = new Signalling({
      key: options.key,
      isCaller: options.isCaller,
      version: options.version,
      hasSctp: !isWithoutSctp(options.customParameters),
      send: (data) => options.sendSignalling(data),
      onText: (text) => this.#take(text),
      onBroken: () => this.#fail(),
    });
    this.#connection = new Connection({
      isCaller: options.isCaller,
      configuration: { iceServers: iceServers(options.relays), iceTransportPolicy: options.p2pAllowed ? 'all' : 'relay', bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' },
      send: (message) => this.#signalling.send(writeMessage(message)),
      onChange: () => this.#follow(),
      onData: (text) => this.#take(text),
      onOpen: () => this.#tellState(),
      onFailure: () => this.#fail(),
    });
    this.#wait();
    this.#qualityTimer = setInterval(() => void this.#measure(), QUALITY_MS);
    void this.#begin().catch(() => undefined);
  }

  /** A new object with each change. */
  get state(): CallMediaState {
    return this.#state;
  }

  /** Tells of each change of the state. Returns how to stop that. */
  onChange(listener: (state: CallMediaState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes bytes of the other end, in any order, as often as they come. Never throws. */
  receiveSignalling(data: Uint8Array): void {
    this.#signalling.receive(data);
  }

  setMuted(isMuted: boolean): void {
    if (this.#microphone) this.#microphone.enabled = !isMuted;
    this.#change({ muted: isMuted });
    this.#tellState();
  }

  /** Speaks into another microphone. It belongs to the caller of this class. */
  async setMicrophone(track: MediaStreamTrack): Promise<void> {
    if (this.#isClosed) return;
    this.#drop(this.#microphone);
    this.#microphone = track;
    track.enabled = !this.#state.muted;
    this.#connection.setTrack('audio', track);
  }

  /**
   * Shows a camera, or shows none.
   * @param camera true: the browser asks which one; a track: that one, which belongs to the caller of this class
   * @throws DOMException if the camera is refused or missing
   */
  async setCamera(camera: boolean | MediaStreamTrack): Promise<void> {
    await this.#setPicture('localCamera', camera, () => navigator.mediaDevices.getUserMedia({ video: true }));
  }

  /** Shows a screen or a window, or shows none; as `setCamera`. @throws DOMException if that is refused */
  async setScreen(screen: boolean | MediaStreamTrack): Promise<void> {
    await this.#setPicture('localScreen', screen, () => navigator.mediaDevices.getDisplayMedia({ video: true }));
  }

  /** Ends the connection and lets go of each device that was asked for here. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#waitTimer);
    clearTimeout(this.#restartTimer);
    clearInterval(this.#qualityTimer);
    this.#listeners.clear();
    this.#signalling.close();
    this.#connection.close();
    for (const track of this.#owned) track.stop();
    this.#owned.clear();
  }

  async #begin(): Promise<void> {
    const { microphone, withVideo, camera } = this.#options;
    // Both are asked for at once, so that they go into one offer where the page has them already.
    const asked = [microphone ? this.setMicrophone(microphone) : this.#askMicrophone()];
    if (withVideo) asked.push(this.setCamera(camera ?? true));
    await Promise.allSettled(asked);
  }

  async #askMicrophone(): Promise<void> {
    const track = await this.#own(navigator.mediaDevices.getUserMedia({ audio: true }));
    if (track) await this.setMicrophone(track);
  }

  /** Waits for the browser to give a track, and notes that it must be stopped here. If the call has ended meanwhile, the track is stopped at once, and undefined is returned. */
  async #own(asking: Promise<MediaStream>): Promise<MediaStreamTrack | undefined> {
    const [track] = (await asking).getTracks();
    if (!track) return undefined;
    this.#owned.add(track);
    if (this.#isClosed) this.#drop(track);
    return this.#isClosed ? undefined : track;
  }

  #drop(track: MediaStreamTrack | undefined): void {
    if (track && this.#owned.delete(track)) track.stop();
  }

  async #setPicture(name: 'localCamera' | 'localScreen', wanted: boolean | MediaStreamTrack, ask: () => Promise<MediaStream>): Promise<void> {
    if (this.#isClosed) return;
    const track = wanted === true ? await this.#own(ask()) : wanted || undefined;
    if (this.#isClosed) return;
    this.#drop(this.#state[name]?.getVideoTracks()[0]);
    // The browser ends a track when somebody stops to share the screen there.
    track?.addEventListener('ended', () => {
      if (this.#state[name]?.getVideoTracks()[0] === track) void this.#setPicture(name, false, ask);
    });
    this.#connection.setTrack(name === 'localCamera' ? 'camera' : 'screen', track ?? null);
    this.#change({ [name]: track && new MediaStream([track]) });
    this.#tellState();
  }

  #change(change: Partial<CallMediaState>): void {
    if (this.#isClosed) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  #tellState(): void {
    const { muted, localCamera, localScreen } = this.#state;
    const state = (stream: MediaStream | undefined): VideoState => (stream ? 'active' : 'inactive');
    this.#connection.sendData(writeMessage({ type: 'MediaState', muted, videoState: state(localCamera), screencastState: state(localScreen), videoRotation: 0, lowBattery: false }));
  }

  #take(text: string): void {
    const message = parseMessage(text);
    if (!message || this.#isClosed) return;
    if (message.type !== 'MediaState') return this.#connection.receive(message);
    this.#remote = message;
    this.#follow();
  }

  /** Says what the other end is heard and seen by, and how far the connection is. */
  #follow(): void {
    if (this.#isClosed) return;
    const { connectionState } = this.#connection.pc;
    const [first, second] = this.#connection.remoteStreams('video');
    const { videoState, screencastState } = this.#remote ?? { videoState: first ? 'active' : 'inactive', screencastState: second ? 'active' : 'inactive' } as const;
    // A screen without a camera may be the only picture.
    const screen = second ?? (videoState === 'inactive' ? first : undefined);
    this.#change({
      remoteAudio: this.#connection.remoteStreams('audio')[0],
      remoteCamera: videoState === 'inactive' ? undefined : first,
      remoteScreen: screencastState === 'inactive' ? undefined : screen,
      remoteMuted: this.#remote?.muted ?? false,
      remoteVideoState: videoState,
      phase: this.#phase(connectionState),
    });
  }

  #phase(now: RTCPeerConnectionState): CallPhase {
    const before = this.#state.phase;
    if (before === 'failed') return 'failed';
    if (now === 'connected') {
      clearTimeout(this.#waitTimer);
      clearTimeout(this.#restartTimer);
      this.#waitTimer = this.#restartTimer = undefined;
      return 'connected';
    }
    if (now === 'failed' || now === 'disconnected') {
      this.#wait();
      this.#restartIn(now === 'failed' ? 0 : RESTART_MS);
    }
    return before === 'connected' && (now === 'failed' || now === 'disconnected') ? 'reconnecting' : before;
  }

  #wait(): void {
    this.#waitTimer ??= setTimeout(() => this.#fail(), WAIT_MS);
  }

  #restartIn(ms: number): void {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => {
      this.#connection.restart();
      this.#restartIn(RESTART_AGAIN_MS);
    }, ms);
  }

  #fail(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#restartTimer);
    this.#change({ phase: 'failed' });
  }

  async #measure(): Promise<void> {
    // A connection may have come back before its loss was noticed, and then tells of no change.
    if (this.#state.phase === 'reconnecting' && this.#connection.pc.connectionState === 'connected') this.#follow();
    const stats = (await this.#connection.pc.getStats()) as unknown as Iterable<[string, unknown]>;
    const { counts, ...quality } = readQuality(stats, this.#counts);
    this.#counts = counts;
    if (quality.quality !== this.#state.quality || quality.isRelayed !== this.#state.isRelayed) this.#change(quality);
  }
}
