import type { OutgoingMessage } from './outgoing.ts';

/**
 * One connection of a session to its client: a socket, or all HTTP requests of a client together. A session may have several. Answers about
 * the transport itself (pong, refusals) go to the link of the request, everything else to the session's current link.
 */
export class SessionLink {
  /** Messages for this link only; undefined while there are none. */
  notices: OutgoingMessage[] | undefined;
  /** It has been the session's current link. */
  used = false;

  /** Takes over the messages that wait for another link. */
  takeNotices(other: SessionLink): void {
    if (other.notices) this.notices = this.notices ? [...this.notices, ...other.notices] : other.notices;
    other.notices = undefined;
  }
}
