import type { LiveDraft, PeerId, Typing } from '../../protocol/index.ts';

/** How long somebody is shown as typing after an update, in milliseconds. Clients repeat it every five seconds. */
const SHOWN_MS = 6000;
/** The same with a text that a bot is writing. */
const DRAFT_SHOWN_MS = 30_000;

interface Entry {
  typing: Typing;
  draft?: LiveDraft;
  timer: ReturnType<typeof setTimeout>;
}

/** Who is typing where. */
export class TypingList {
  #chats = new Map<PeerId, Map<PeerId, Entry>>();
  readonly #onChange: (peer: PeerId) => void;

  constructor(onChange: (peer: PeerId) => void) {
    this.#onChange = onChange;
  }

  list(peer: PeerId): Typing[] {
    return [...(this.#chats.get(peer)?.values() ?? [])].map(({ typing }) => typing);
  }

  /** What the bot of a chat is writing. @returns undefined also for a bot that is only thinking, which shows an empty text */
  draftOf(peer: PeerId): LiveDraft | undefined {
    const draft = this.#chats.get(peer)?.get(peer)?.draft;
    return draft?.text === '' ? undefined : draft;
  }

  /** @param draft what is being written; once it is shown, actions without one change nothing */
  set(peer: PeerId, typing: Typing, draft?: LiveDraft): void {
    if (!draft && this.#chats.get(peer)?.get(typing.user)?.draft) return;
    this.#forget(peer, typing.user);
    const chat = this.#chats.get(peer) ?? new Map<PeerId, Entry>();
    this.#chats.set(peer, chat);
    chat.set(typing.user, { typing, draft, timer: setTimeout(() => this.stop(peer, typing.user), draft ? DRAFT_SHOWN_MS : SHOWN_MS) });
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
