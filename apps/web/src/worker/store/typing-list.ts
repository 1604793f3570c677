import type { PeerId, Typing } from '../../protocol/index.ts';

/** How long somebody is shown as typing after an update, in milliseconds. Clients repeat it every five seconds. */
const SHOWN_MS = 6000;

/** Who is typing where. */
export class TypingList {
  #chats = new Map<PeerId, Map<PeerId, { typing: Typing; timer: ReturnType<typeof setTimeout> }>>();
  readonly #onChange: (peer: PeerId) => void;

  constructor(onChange: (peer: PeerId) => void) {
    this.#onChange = onChange;
  }

  list(peer: PeerId): Typing[] {
    return [...(this.#chats.get(peer)?.values() ?? [])].map(({ typing }) => typing);
  }

  set(peer: PeerId, typing: Typing): void {
    this.#forget(peer, typing.user);
    const chat = this.#chats.get(peer) ?? new Map<PeerId, { typing: Typing; timer: ReturnType<typeof setTimeout> }>();
    this.#chats.set(peer, chat);
    chat.set(typing.user, { typing, timer: setTimeout(() => this.stop(peer, typing.user), SHOWN_MS) });
    this.#onChange(peer);
  }

  /** Takes somebody away whose message arrived, or who stopped. */
  stop(peer: PeerId, user: PeerId): void {
    if (this.#forget(peer, user)) this.#onChange(peer);
  }

  #forget(peer: PeerId, user: PeerId): boolean {
    const chat = this.#chats.get(peer);
    const entry = chat?.get(user);
    if (!entry) return false;
    clearTimeout(entry.timer);
    chat!.delete(user);
    if (chat!.size === 0) this.#chats.delete(peer);
    return true;
  }
}
