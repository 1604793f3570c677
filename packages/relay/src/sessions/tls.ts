import { constants } from 'node:crypto';
import { constants as http2, type Http2Session, type SecureServerOptions } from 'node:http2';
import type { Socket } from 'node:net';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import type { Clock } from '@aerogram/runtime';
import { dcOfHomeName, startOfValidity } from '../identity/certificates.ts';
import type { HomeIdentity } from '../identity/home-identity.ts';
import type { RelayLimits } from '../relay-limits.ts';

const MEBIBYTE = 1024 * 1024;

/** What one stream may have under way to this end, in bytes: more than the window of frames. */
const STREAM_WINDOW = 4 * MEBIBYTE;

/** The same for all streams of a session together. */
const SESSION_WINDOW = 8 * MEBIBYTE;

/** More than the questions under way, hints and frames together. */
const MAX_STREAMS = 1024;

type SessionOption = 'ca' | 'cert' | 'key' | 'minVersion' | 'maxVersion' | 'secureOptions' | 'settings' | 'maxSessionMemory';

/** What both ends of a connection are made with: TLS 1.3, the own certificate, and whom to believe. */
export function sessionOptions({ authority, cert, key }: HomeIdentity): Pick<SecureServerOptions & ConnectionOptions, SessionOption> {
  return {
    ca: authority, cert, key, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3',
    // Whoever comes back shows a certificate again.
    secureOptions: constants.SSL_OP_NO_TICKET,
    settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: MAX_STREAMS, enablePush: false },
    maxSessionMemory: 64,
  };
}

/** With this code a session ends whose other end has shown a certificate that was revoked. Nothing else ends one with it. */
export const CERTIFICATE_REVOKED = http2.NGHTTP2_INADEQUATE_SECURITY;

/** What the certificate of a home says: its DC, and the second with which the certificate begins. */
export interface HomeProof {
  dc: number;
  start: number;
}

/** What a certificate says. @returns undefined if it is not that of a home */
export function readProof({ subject, valid_from: validFrom }: Pick<PeerCertificate, 'subject' | 'valid_from'>): HomeProof | undefined {
  const dc = dcOfHomeName(subject.CN);
  return dc === undefined ? undefined : { dc, start: startOfValidity(validFrom) };
}

/** What the certificate of the other end says. @returns undefined if it has shown none yet, or is gone */
export function proofOfSession(session: Http2Session): HomeProof | undefined {
  if (session.destroyed) return undefined;
  const shown: Partial<PeerCertificate> | undefined | null = (session.socket as Partial<TLSSocket>).getPeerCertificate?.();
  return shown?.subject === undefined ? undefined : readProof(shown as PeerCertificate);
}

/**
 * Pings the other end of a session, and calls `end` when it does not answer in time or has sent GOAWAY. Stops when the socket closes.
 * @param socket the one that the session uses
 * @param end ends the session and closes the socket, see `cut`
 */
export function watchSession(session: Http2Session, { socket, end, clock, limits }: { socket: Socket; end(reason: string): void; clock: Clock; limits: RelayLimits }): void {
  if (session.destroyed) return;
  session.setLocalWindowSize(SESSION_WINDOW);
  let heardMs = clock.monotonicMs();
  const heard = (): void => void (heardMs = clock.monotonicMs());
  session.on('ping', heard);
  const timer = clock.setInterval(() => {
    if (clock.monotonicMs() - heardMs > limits.silentMs) return end('the other end is silent');
    // The session has ended, and its socket is not closed yet.
    if (session.destroyed || session.closed) return;
    session.ping((error) => void (error === null && heard()));
  }, limits.beatMs);
  session.once('goaway', () => end('the other end has ended the link'));
  socket.once('close', () => timer.cancel());
}

/**
 * Ends a session and closes its socket at once. `session.destroy()` alone is not enough: when the other end has sent GOAWAY, Node closes the socket only after the
 * other end has closed it, and now and then never notices that it has.
 */
export function cut(session: Http2Session, socket: Socket, reason: string): void {
  session.destroy(new Error(reason), http2.NGHTTP2_NO_ERROR);
  socket.destroy();
}
