import { type Chat, type Message, type MessageId, type PeerId, topicOf } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';

/** Marks are sent at most this often, in milliseconds. */
const PAUSE_MS = 500;
/** Messages in one call. */
const CALL_MAX = 100;

/** Tells the server what was read: what could be seen in a window that has the focus. Marks only move up. */
export class ReadMarks {
  readonly #peer: PeerId;
  readonly #thread: MessageId | undefined;
  #seen: MessageId = 0;
  #told: MessageId = 0;
  /** Mentions, reactions and posts, which count each. */
  #unseen = new Set<MessageId>();
  #known = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param thread only this thread is read */
  constructor(peer: PeerId, thread?: MessageId) {
    this.#peer = peer;
    this.#thread = thread;
    addEventListener('focus', this.#tell);
  }

  /** Notes messages that can be seen. @param chat says what was read before */
  see(messages: readonly Message[], chat: Chat | undefined): void {
    for (const message of messages) this.#seeContents(message);
    // The mark of a thread stands behind own replies as well: they too are replies that the account has not read before.
    const last = messages.findLast((message) => message.id > 0 && this.#counts(message))?.id ?? 0;
    const before = Math.max(this.#told, chat?.unread === 0 ? chat.readInboxId : 0);
    if (last > this.#seen && last > before) this.#seen = last;
    this.#tell();
  }

  #counts(message: Message): boolean {
    if (this.#thread === undefined) return !message.isOut;
    return message.thread === this.#thread || (!message.isOut && topicOf(message) === this.#thread);
  }

  /** Each is told once; a reaction or vote that comes later counts anew. */
  #seeContents({ id, mentionsMe, isUnplayed, hasUnseenReaction, reactions, media, isPost, views }: Message): void {
    if (id === 0) return;
    const hasUnseenVotes = media?.kind === 'poll' && media.poll.hasUnseenVotes;
    if (!hasUnseenVotes) this.#known.delete(`votes:${id}`);
    const marks = [mentionsMe && isUnplayed && `mention:${id}`, hasUnseenReaction && `reaction:${id}:${JSON.stringify(reactions)}`, hasUnseenVotes && `votes:${id}`, isPost && views !== undefined && `view:${id}`];
    for (const mark of marks) {
      if (typeof mark !== 'string' || this.#known.has(mark)) continue;
      this.#known.add(mark);
      this.#unseen.add(id);
    }
  }

  readonly #tell = (): void => {
    if (this.#timer !== undefined || !document.hasFocus()) return;
    if (this.#seen <= this.#told && this.#unseen.size === 0) return;
    if (this.#seen > this.#told) {
      this.#told = this.#seen;
      void ask('history.read', { peer: this.#peer, upTo: this.#told, thread: this.#thread }).catch(() => undefined);
    }
    const messages = [...this.#unseen].slice(0, CALL_MAX);
    for (const id of messages) this.#unseen.delete(id);
    if (messages.length > 0) void ask('history.see', { peer: this.#peer, messages }).catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, PAUSE_MS);
  };

  /** Tells what was seen since the last mark. */
  close(): void {
    removeEventListener('focus', this.#tell);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tell();
    clearTimeout(this.#timer);
  }
}
