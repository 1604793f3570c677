import type { OutgoingMessage } from './outgoing.ts';

/**
 * One way to the client that a session has: a socket, or the HTTP requests of a client together.
 * A session may have several at once; answers about the transport itself (pong, refusals) go out where they were asked for,
 * everything else on the session's current link.
 */
export class SessionLink {
  /** Waiting for this link alone; absent while there is nothing. */
  notices: OutgoingMessage[] | undefined;
  /** Has been the session's current link. */
  used = false;

  /** Takes over what waits for another link. */
  takeNotices(other: SessionLink): void {
    if (other.notices) this.notices = this.notices ? [...this.notices, ...other.notices] : other.notices;
    other.notices = undefined;
  }
}
