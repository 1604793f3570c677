import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, type Endpoint, formatEndpoint, type Random, type TimerHandle } from '@aerogram/runtime';
import { BackOff } from '../back-off.ts';
import { homeName } from '../identity/certificates.ts';
import type { HomeIdentity } from '../identity/home-identity.ts';
import type { RelayLimits } from '../relay-limits.ts';
import { guardedLookup, isClosedAddress, type MayDial, NOT_PUBLIC } from './guarded-lookup.ts';
import type { RefusingSide } from './refusals.ts';
import { CERTIFICATE_REVOKED, cut, type HomeProof, proofOfSession, readProof, sessionOptions, watchSession } from './tls.ts';

/** The request by which a home asks whether the other one wants a link. */
export const GREETING_PATH = '/hello';

/** Why a session ended or did not come up, for the log. */
const REVOKED = 'the certificate of the other home was revoked';

interface SessionOptions {
  identity: HomeIdentity;
  /** The home at the other end. */
  dc: number;
  clock: Clock;
  random: Random;
  limits: RelayLimits;
  mayDial: MayDial;
  /** Whether the certificate of a home is still good: it begins no earlier than the date up to which those of that home were revoked. */
  isGood(proof: HomeProof): boolean;
  /** A certificate was refused, because it was revoked. */
  onRefused(side: RefusingSide, address: string): void;
  onUp(session: ClientHttp2Session): void;
  /** The session that was up has ended. */
  onDown(reason: string): void;
}

/** The connection that this process opens to another home, for what it sends and asks. It is opened again whenever it ends. */
export class OutgoingSession implements Disposable {
  readonly #options: SessionOptions;
  readonly #backOff: BackOff;
  /** Where the other home listens: at one place, or each of its nodes at its own. */
  #targets: readonly Endpoint[] = [];
  #at = 0;
  #session: ClientHttp2Session | undefined;
  #socket: TLSSocket | undefined;
  #up: ClientHttp2Session | undefined;
  #timer: TimerHandle | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.limits, options.random);
  }

  /** The session, while it is up. */
  get up(): ClientHttp2Session | undefined {
    // It may have ended without having said so yet.
    return this.#up?.destroyed === false && !this.#up.closed ? this.#up : undefined;
  }

  /** Says where the other home listens. One place is dialled after the other, until one answers. None: no connection is wanted. */
  setTargets(targets: readonly Endpoint[]): void {
    if (isDeepStrictEqual(targets, this.#targets)) return;
    const present = this.#targets[this.#at];
    const at = targets.findIndex((target) => isDeepStrictEqual(target, present));
    this.#targets = targets;
    // The first one that is dialled is left to chance, so that the nodes of the other home share what comes.
    this.#at = at < 0 ? this.#options.random.uint31() % Math.max(1, targets.length) : at;
    if (at >= 0) return;
    this.#backOff.succeeded();
    this.#end('the link is not wanted any more, or goes elsewhere');
    this.dialNow();
  }

  /** Ends the session if the certificate of the other end was revoked since. */
  endIfRevoked(): void {
    const proof = this.#session && proofOfSession(this.#session);
    if (proof === undefined || this.#options.isGood(proof)) return;
    this.#refused('here');
    this.#end(REVOKED);
  }

  /** Ends the present session and opens another one. */
  renew(): void {
    this.#end('the link begins anew');
    this.dialNow();
  }

  /** Dials at once, if a pause before the next attempt is under way. */
  dialNow(): void {
    if (this.#session !== undefined) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    const target = this.#targets[this.#at];
    if (target !== undefined) this.#dial(target);
  }

  [Symbol.dispose](): void {
    this.setTargets([]);
  }

  #dial(target: Endpoint): void {
    const { identity, dc, clock, limits, mayDial } = this.#options;
    const options = sessionOptions(identity);
    const socket = connectTls({
      ...options, ...target, lookup: guardedLookup(mayDial), servername: homeName(dc), ALPNProtocols: ['h2'], rejectUnauthorized: true, checkServerIdentity: (_, certificate) => this.#check(certificate),
    });
    const session = connect(`https://${formatEndpoint(target)}`, { ...options, createConnection: () => socket });
    this.#session = session;
    this.#socket = socket;
    let reason = 'the connection ended';
    const timer = clock.setTimeout(() => this.#cut(session, socket, 'no answer in time'), limits.silentMs);
    session.on('error', (error: Error) => void (reason = error.message));
    session.on('goaway', (code) => {
      if (code === CERTIFICATE_REVOKED) this.#refused('there');
    });
    session.once('close', () => {
      timer.cancel();
      this.#closed(session, reason);
    });
    // An address is not looked up.
    if (isClosedAddress(target.host, mayDial)) socket.destroy(new Error(NOT_PUBLIC));
    session.once('connect', () => {
      if (session.destroyed) return;
      const greeting = session.request({ ':path': GREETING_PATH });
      greeting.on('error', () => undefined);
      greeting.on('response', ({ ':status': status }) => {
        if (session.destroyed) return;
        if (status !== 200) return this.#cut(session, socket, 'the other home refuses the link');
        timer.cancel();
        this.#cameUp(session, socket);
      });
      greeting.resume();
    });
  }

  /** @returns why the other end is not the home that is expected */
  #check(certificate: PeerCertificate): Error | undefined {
    const { dc, isGood } = this.#options;
    const proof = readProof(certificate);
    if (proof?.dc !== dc) return new Error('another home listens there');
    if (isGood(proof)) return undefined;
    this.#refused('here');
    return new Error(REVOKED);
  }

  #refused(side: RefusingSide): void {
    const target = this.#targets[this.#at];
    if (target !== undefined) this.#options.onRefused(side, formatEndpoint(target));
  }

  #cameUp(session: ClientHttp2Session, socket: TLSSocket): void {
    if (this.#session !== session) return;
    watchSession(session, { ...this.#options, socket, end: (reason) => this.#cut(session, socket, reason) });
    this.#backOff.succeeded();
    this.#up = session;
    this.#options.onUp(session);
  }

  #end(reason: string): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#session !== undefined) this.#cut(this.#session, this.#socket!, reason);
  }

  #cut(session: ClientHttp2Session, socket: TLSSocket, reason: string): void {
    this.#closed(session, reason);
    cut(session, socket, reason);
  }

  #closed(session: ClientHttp2Session, reason: string): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#socket = undefined;
    const wasUp = this.#up === session;
    this.#up = undefined;
    this.#at = (this.#at + 1) % Math.max(1, this.#targets.length);
    if (this.#targets.length > 0) this.#timer = this.#options.clock.setTimeout(() => this.dialNow(), this.#backOff.nextMs());
    if (wasUp) this.#options.onDown(reason);
  }
}
