import type { MessageId, PeerId, TopicItem, TopicsView, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { TopicLoader } from '../load-topics.ts';
import { compareTopics } from '../models/topic.ts';
import type { Changes } from '../store/changes.ts';
import { itemOfTopic, peersOfTopic } from './topic-item.ts';
import { type Said, Values, type View } from './view.ts';

/** The topics of a forum. */
export class TopicListView implements View<'topics'> {
  readonly #account: Account;
  readonly #loader: TopicLoader;
  readonly peer: PeerId;
  #order: MessageId[] = [];
  #values = new Values<TopicsView>();
  /** Rows that were noted since the last patch. */
  #waiting: TopicsView['items'] = {};

  constructor({ account, loader, say }: { account: Account; loader: TopicLoader; say: Said<'topics'> }) {
    this.#account = account;
    this.#loader = loader;
    this.peer = say.peer;
  }

  async start(): Promise<void> {
    const { store } = this.#account;
    this.#values.set({ hasMore: true });
    // After the cache was dropped, only the list of chats says how the account wants to see a forum.
    if (!store.chats.has(this.peer)) await this.#account.firstChats;
    this.#tellWay();
    await this.#holdTops();
    this.#arrange();
    this.#note(this.#order);
    this.#loader.restart(this.peer);
    await this.more();
  }

  #tellWay(): void {
    this.#values.set({ asMessages: this.#account.store.chats.get(this.peer)?.asMessages === true });
  }

  async more(): Promise<void> {
    await this.#loader.more(this.peer);
    this.#values.set({ hasMore: this.#loader.hasMore(this.peer) });
    this.#account.store.noteGathered();
  }

  /** Reads the newest messages of the topics that were known before. */
  async #holdTops(): Promise<void> {
    const { store } = this.#account;
    const tops = await Promise.all(store.topics.list(this.peer).map(async ({ topId }) => await store.findMessage(this.peer, topId)));
    store.hold(tops.filter((row) => row !== undefined));
  }

  #arrange(): void {
    const { store } = this.#account;
    const seesHidden = store.peers.get(this.peer)?.rights.manageTopics === true;
    this.#order = store.topics.list(this.peer).filter(({ isHidden }) => seesHidden || !isHidden).sort(compareTopics).map(({ id }) => id);
    this.#values.set({ order: this.#order });
  }

  notice(changes: Changes): void {
    if (changes.voided.has(this.peer)) {
      this.#loader.restart(this.peer);
      void this.more().catch(() => undefined);
    }
    if (changes.chats.has(this.peer)) this.#tellWay();
    const isOther = changes.chats.has(this.peer) || changes.peers.has(this.peer) || changes.folders || changes.mutes || changes.typing.has(this.peer) || changes.outbox.has(this.peer);
    const touched = new Set(isOther ? this.#order : []);
    for (const id of changes.topics.get(this.peer) ?? []) touched.add(id);
    const messages = changes.messages.get(this.peer);
    if (messages) for (const { id, topId } of this.#account.store.topics.list(this.peer)) if (messages.has(topId)) touched.add(id);
    if (touched.size > 0) this.#note(touched);
    if (changes.topics.has(this.peer) || changes.peers.has(this.peer)) this.#arrange();
  }

  #note(ids: Iterable<MessageId>): void {
    const items: TopicsView['items'] = {};
    for (const id of ids) items[id] = this.#itemOf(id);
    this.#waiting = { ...this.#waiting, ...items };
    this.#values.set({ items: this.#waiting });
  }

  #itemOf(id: MessageId): TopicItem | undefined {
    return itemOfTopic(this.#account, this.peer, id);
  }

  takePatch(): ViewPatches['topics'] | undefined {
    this.#waiting = {};
    return this.#values.take();
  }

  *peersOf({ items }: ViewPatches['topics']): Iterable<PeerId> {
    yield this.peer;
    for (const item of Object.values(items ?? {})) if (item) yield* peersOfTopic(item);
  }

  close(): void {}
}
