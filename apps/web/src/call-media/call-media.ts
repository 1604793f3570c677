// The media half of a one-to-one call, in the page: a PeerConnection, and what it says to the other end. It keeps nothing and asks no server.

/** How far the connection to the other end is. After `failed` nothing is tried any more. */
export type CallPhase = 'connecting' | 'connected' | 'reconnecting' | 'failed';

/** Whether a picture is sent: `suspended` is a picture that its sender has stopped for a while. */
export type VideoState = 'inactive' | 'suspended' | 'active';

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
  /** The camera, if the page has it already; goes with `withVideo`. */
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

/** One end of a call. It connects as soon as it is made. */
export class CallMedia {
  /** A new object with each change. */
  readonly state: CallMediaState;

  constructor(options: CallMediaOptions) {
    this.state = { phase: 'connecting', muted: options.isMuted ?? false, remoteMuted: false, remoteVideoState: 'inactive', quality: 0, isRelayed: false };
  }

  /** Tells of each change of the state. Returns how to stop that. */
  onChange(_listener: (state: CallMediaState) => void): () => void {
    return () => undefined;
  }

  /** Takes bytes of the other end, in any order, as often as they come. Never throws. */
  receiveSignalling(_data: Uint8Array): void {
    return undefined;
  }

  setMuted(_isMuted: boolean): void {
    return undefined;
  }

  /** Speaks into another microphone. It belongs to the caller of this class. */
  async setMicrophone(_track: MediaStreamTrack): Promise<void> {
    return undefined;
  }

  /**
   * Shows a camera, or shows none.
   * @param camera true: the browser asks which one; a track: that one, which belongs to the caller of this class
   * @throws DOMException if the camera is refused or missing
   */
  async setCamera(_camera: boolean | MediaStreamTrack): Promise<void> {
    return undefined;
  }

  /** Shows a screen or a window, or shows none; as `setCamera`. @throws DOMException if that is refused */
  async setScreen(_screen: boolean | MediaStreamTrack): Promise<void> {
    return undefined;
  }

  /** Ends the connection and lets go of each device that was asked for here. */
  close(): void {
    return undefined;
  }
}
