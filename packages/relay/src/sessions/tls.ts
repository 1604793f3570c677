import { constants } from 'node:crypto';
import { constants as http2, type Http2Session, type SecureServerOptions } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
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

/** What both ends of a connection are made with: TLS 1.3, the own certificate, and whom to believe. */
export function sessionOptions({ authority, cert, key }: HomeIdentity): SecureServerOptions {
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

/** Asks the other end again and again whether it is there, and ends the session if it is silent. Until the session ends. */
export function keepAlive(session: Http2Session, { clock, limits }: { clock: Clock; limits: RelayLimits }): void {
  if (session.destroyed) return;
  session.setLocalWindowSize(SESSION_WINDOW);
  let heardMs = clock.monotonicMs();
  const heard = (): void => void (heardMs = clock.monotonicMs());
  session.on('ping', heard);
  const timer = clock.setInterval(() => {
    if (clock.monotonicMs() - heardMs > limits.silentMs) return session.destroy(new Error('the other end is silent'));
    // Between its end and its 'close' event.
    if (session.destroyed || session.closed) return;
    session.ping((error) => void (error === null && heard()));
  }, limits.beatMs);
  session.once('close', () => timer.cancel());
}
