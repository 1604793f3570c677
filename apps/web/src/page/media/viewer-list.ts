import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { isVisual, mediaOf } from './shown-media.ts';

/** Messages that are loaded at once, and messages before the end of what is loaded at which more are. */
const PAGE = 30;

const AHEAD = 3;

/** The photos and videos of a chat, or of one poll, through which the viewer goes. */
export class ViewerList {
  readonly #messages = signal<Message[]>([]);
  readonly #at = signal(0);
  #hasOlder = true;
  #hasNewer = true;
  #isLoading = false;
  readonly #count = signal(0);

  /** @param message that is shown first @param all those through which it goes, if not through those of the chat */
  constructor(message: Message, all?: readonly Message[]) {
    this.#messages.value = [message];
    if (all) {
      this.#messages.value = [...all];
      this.#at.value = Math.max(0, all.findIndex(({ key }) => key === message.key));
      this.#count.value = all.length;
      [this.#hasOlder, this.#hasNewer] = [false, false];
    }
    if (message.id > 0) void this.#loadAround();
  }

  /** The one that is shown. */
  readonly shown: ReadonlySignal<Message> = computed(() => this.#messages.value[this.#at.value]!);
  /** Those next to it. */
  readonly neighbours = computed(() => ({ previous: this.#messages.value[this.#at.value - 1], next: this.#messages.value[this.#at.value + 1] }));
  /** Its number among all of the chat, once all are known. */
  readonly place = computed(() => (this.#count.value === this.#messages.value.length ? { n: this.#at.value + 1, count: this.#count.value } : undefined));

  /** Goes on to the next one, or back. */
  move(step: 1 | -1): void {
    const at = this.#at.value + step;
    if (at < 0 || at >= this.#messages.value.length) return;
    this.#at.value = at;
    void this.#loadAround();
  }

  /** Takes away what was deleted, and shows what followed it, or else what came before. @returns whether there is something left */
  remove(): boolean {
    const left = this.#messages.value.toSpliced(this.#at.value, 1);
    if (left.length === 0) return false;
    batch(() => {
      this.#messages.value = left;
      this.#at.value = Math.min(this.#at.value, left.length - 1);
      this.#count.value--;
    });
    void this.#loadAround();
    return true;
  }

  async #loadAround(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      if (this.#hasOlder && this.#at.value < AHEAD) await this.#loadOlder();
      if (this.#hasNewer && this.#at.value >= this.#messages.value.length - AHEAD) await this.#loadNewer();
    } catch {
      // What is loaded already can still be seen.
    } finally {
      this.#isLoading = false;
    }
  }

  async #loadOlder(): Promise<void> {
    const [first] = this.#messages.value;
    const { messages, hasMore, count } = await ask('media.list', { peer: first!.peer, filter: 'media', before: first!.id, limit: PAGE });
    const found = messages.filter(canBeViewed);
    batch(() => {
      this.#messages.value = [...found, ...this.#messages.value];
      this.#at.value += found.length;
      this.#count.value = count;
    });
    this.#hasOlder = hasMore;
  }

  async #loadNewer(): Promise<void> {
    const last = this.#messages.value.at(-1)!;
    const { messages, hasMore, count } = await ask('media.list', { peer: last.peer, filter: 'media', after: last.id, limit: PAGE });
    batch(() => {
      this.#messages.value = [...this.#messages.value, ...messages.filter(canBeViewed)];
      this.#count.value = count;
    });
    this.#hasNewer = hasMore;
  }
}

/** What destroys itself is opened on its own. */
function canBeViewed(message: Message): boolean {
  const { media } = message;
  return isVisual(mediaOf(message)) && !((media?.kind === 'photo' || media?.kind === 'document') && media.ttl !== undefined);
}
