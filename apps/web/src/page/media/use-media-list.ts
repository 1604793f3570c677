import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { MediaFilter, Message, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';

const PAGE = 60;

/** Messages with certain contents, the newest first, as far as they are loaded. */
export interface MediaList {
  messages: Message[];
  /** No more will come. */
  isComplete: boolean;
  isBroken: boolean;
  /** An element behind the last message: more are loaded when it comes into sight. */
  end: RefObject<HTMLDivElement>;
}

class Pages {
  readonly state = signal<Omit<MediaList, 'end'>>({ messages: [], isComplete: false, isBroken: false });
  readonly #peer: PeerId;
  readonly #filter: MediaFilter;
  #isLoading = false;

  constructor(peer: PeerId, filter: MediaFilter) {
    this.#peer = peer;
    this.#filter = filter;
  }

  /** Loads the next page. @returns whether there may be another */
  async more(): Promise<boolean> {
    const { messages, isComplete } = this.state.value;
    if (this.#isLoading || isComplete) return false;
    this.#isLoading = true;
    try {
      const last = messages.at(-1);
      const page = await ask('media.list', { peer: last?.peer ?? this.#peer, filter: this.#filter, before: last?.id, limit: PAGE });
      this.state.value = { messages: [...messages, ...page.messages.toReversed()], isComplete: !page.hasMore, isBroken: false };
      return page.hasMore;
    } catch {
      this.state.value = { ...this.state.value, isBroken: true };
      return false;
    } finally {
      this.#isLoading = false;
    }
  }
}

/** Lists the messages of a chat that have certain contents, page by page as one scrolls. */
export function useMediaList(peer: PeerId, filter: MediaFilter): MediaList {
  const pages = useMemo(() => new Pages(peer, filter), [peer, filter]);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isInSight = false;
    const load = async (): Promise<void> => {
      while (isInSight && (await pages.more())) await new Promise(requestAnimationFrame);
    };
    const observer = new IntersectionObserver(
      ([entry]) => {
        isInSight = entry?.isIntersecting === true;
        void load();
      },
      { rootMargin: '300px' },
    );
    if (end.current) observer.observe(end.current);
    return () => observer.disconnect();
  }, [pages]);
  return { ...pages.state.value, end: end as RefObject<HTMLDivElement> };
}
