import type { tl } from '@mtcute/core';
import type Long from 'long';
import type { CallServer, CallStage, OpenCall, PeerId } from '../../protocol/index.ts';
import type { DhSide } from './key-exchange.ts';

/** What the other side said before the page of a call was ready to hear it, in packets. */
const EARLY_MAX = 256;

/** What this client can do: versions of the engine for calls whose way of speaking it knows. See docs/calls.md. */
export const PROTOCOL: tl.RawPhoneCallProtocol = { _: 'phoneCallProtocol', udpP2p: true, udpReflector: true, minLayer: 65, maxLayer: 92, libraryVersions: ['13.0.0', '9.0.0', '8.0.0'] };

/** The page in which a call lives, or is heard. */
export interface CallPlace {
  /** Tells it what the other side of its call says. */
  tellSignal(call: number, data: Uint8Array): void;
  /** Lets it be heard that a call rings. */
  ring(call: number): void;
}

/** A call that goes on, with what pages never see. */
export class OneCall {
  /** What pages see; another object after each change. */
  shown: OpenCall;
  /** How the server names it; undefined until it has answered the request. */
  ref: tl.RawInputPhoneCall | undefined;
  /** In which page the call lives. */
  page: CallPlace | undefined;
  side: DhSide | undefined;
  /** The hash that the caller has shown before the power itself. */
  hash: Uint8Array | undefined;
  /** The key, once it is known, with the power of the caller. */
  key: { bytes: Uint8Array; power: Uint8Array } | undefined;
  /** How both can find each other, once both have the key. */
  talk: tl.RawPhoneCall | undefined;
  /** When this worker heard of it, in milliseconds since 1970. */
  readonly heardAt: number;
  #hears = false;
  #early: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(shown: OpenCall, heardAt = Date.now()) {
    this.shown = shown;
    this.heardAt = heardAt;
  }

  get peer(): PeerId {
    return this.shown.peer;
  }

  get stage(): CallStage {
    return this.shown.stage;
  }

  set(values: Partial<OpenCall>): void {
    this.shown = { ...this.shown, ...values };
  }

  isNamed({ id }: { id: Long }): boolean {
    return this.ref?.id.eq(id) === true;
  }

  /** Does something unless the call has moved on within so many milliseconds. */
  waitFor(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  stopWaiting(): void {
    clearTimeout(this.#timer);
  }

  /** Hands the page what the other side says, or keeps it until the page is ready. */
  hear(data: Uint8Array): void {
    if (this.#hears) this.page?.tellSignal(this.shown.id, data);
    else if (this.#early.length < EARLY_MAX) this.#early.push(data);
  }

  /** The page is ready to hear. */
  beginToHear(): void {
    this.#hears = true;
    for (const data of this.#early) this.page?.tellSignal(this.shown.id, data);
    this.#early = [];
  }
}

/** The servers of a call, as pages get them. The reflectors of Telegram's own form need an engine that browsers do not have. Pure. */
export function readServers(connections: readonly tl.TypePhoneConnection[]): CallServer[] {
  return connections.flatMap((connection) => {
    if (connection._ !== 'phoneConnectionWebrtc') return [];
    const { ip, ipv6, port, username, password, turn, stun } = connection;
    const kinds = [...(stun ? (['stun'] as const) : []), ...(turn ? (['turn'] as const) : [])];
    return kinds.map((kind) => ({ kind, ip, ipv6, port, username, password }));
  });
}
