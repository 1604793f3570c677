import { GENERAL_TOPIC, type MessageId, type PeerId, type TopicView, type ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { TopicLoader } from '../load-topics.ts';
import type { Changes } from '../store/changes.ts';
import { itemOfTopic, peersOfTopic } from './topic-item.ts';
import { type Said, Values, type View } from './view.ts';

/** One topic of a forum. */
export class OpenTopicView implements View<'topic'> {
  readonly #account: Account;
  readonly #loader: TopicLoader;
  readonly peer: PeerId;
  readonly #topic: MessageId;
  #values = new Values<TopicView>();
  #isLoaded = false;

  constructor({ account, loader, say }: { account: Account; loader: TopicLoader; say: Said<'topic'> }) {
    this.#account = account;
    this.#loader = loader;
    this.peer = say.peer;
    this.#topic = say.topic;
  }

  async start(): Promise<void> {
    this.#tellTyping();
    this.#tell();
    await this.#loader.load(this.peer, [this.#topic]);
    this.#isLoaded = true;
    this.#tell();
    this.#account.store.noteGathered();
  }

  #tell(): void {
    const item = itemOfTopic(this.#account, this.peer, this.#topic);
    this.#values.set({ item, isGone: this.#isLoaded && item === undefined });
  }

  #tellTyping(): void {
    this.#values.set({ typing: this.#account.typing.list(this.peer).filter(({ thread = GENERAL_TOPIC }) => thread === this.#topic) });
  }

  notice(changes: Changes): void {
    if (changes.typing.has(this.peer)) this.#tellTyping();
    if (changes.topics.get(this.peer)?.has(this.#topic) || changes.chats.has(this.peer) || changes.mutes || changes.folders) this.#tell();
  }

  takePatch(): ViewPatches['topic'] | undefined {
    return this.#values.take();
  }

  *peersOf({ item, typing }: ViewPatches['topic']): Iterable<PeerId> {
    yield this.peer;
    for (const { user } of typing ?? []) yield user;
    if (item) yield* peersOfTopic(item);
  }

  close(): void {}
}
