// Calls between two people, as pages see them.
import type { PeerId, UnixTime } from './models.ts';

/**
 * How far a call is: it is being asked for (`asking`), no device of the other side rings yet (`waiting`), it rings there or here, it was answered and the keys are being
 * exchanged, or both can talk.
 */
export type CallStage = 'asking' | 'waiting' | 'ringing' | 'exchanging' | 'talking';

/** A call that goes on. */
export interface OpenCall {
  /** The number that this worker gives it, not the server's. */
  id: number;
  peer: PeerId;
  /** The account has called. */
  isOut: boolean;
  isVideo: boolean;
  stage: CallStage;
  /** When the two began to talk. */
  startDate?: UnixTime;
}

/**
 * Why a call ended: nobody answered, the other side declined or is busy, one of them hung up, the connection was lost, another device answered or declined, the caller gave up,
 * or the keys of the two are not those of each other.
 */
export type CallEndReason = 'noAnswer' | 'declined' | 'over' | 'lost' | 'elsewhere' | 'missed' | 'insecure';

/** The call that ended last. */
export interface CallEnd {
  call: number;
  reason: CallEndReason;
}

/** The call that all pages show, and how the last one ended. */
export interface CallView {
  /** One at a time: that which goes on, or else the one that rings for the longest time. */
  call?: OpenCall;
  end?: CallEnd;
}

/** A server by which both sides find their addresses (`stun`), or which passes on what they send (`turn`). */
export interface CallServer {
  kind: 'stun' | 'turn';
  /** IPv4 address or name; empty if there is none. */
  ip: string;
  /** IPv6 address; empty if there is none. */
  ipv6: string;
  port: number;
  username: string;
  password: string;
}

/** What the page in which a call was begun or answered needs to talk. It never leaves this browser. */
export interface CallMaterial {
  /** 256 bytes that only the two devices know. */
  key: Uint8Array;
  isOut: boolean;
  isVideo: boolean;
  /** The version of the engine for calls that both sides chose, such as `13.0.0`. */
  version: string;
  servers: CallServer[];
  /** Both sides let the other one know their address. */
  allowsP2p: boolean;
  /** JSON that the server hands to both engines, if it does. */
  parameters?: string;
  /** The picture of the key: four places in the list of emoji for calls. */
  emoji: number[];
}
