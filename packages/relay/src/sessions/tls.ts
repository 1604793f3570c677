import { constants } from 'node:crypto';
import type { Http2Session, SecureServerOptions } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@aerogram/runtime';
import { dcOfHomeName } from '../identity/certificates.ts';
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

/** The DC of the other end, as its certificate says. */
export function dcOfSession(session: Http2Session): number | undefined {
  const subject: unknown = (session.socket as Partial<TLSSocket>).getPeerCertificate?.().subject?.CN;
  return dcOfHomeName(subject);
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
