import type { MessageId, PeerId, Topic } from '../../protocol/index.ts';
import type { Changes } from './changes.ts';
import type { Database } from './database.ts';
import { isSame } from './is-same.ts';

/** The topics of forums, as far as they were loaded. They are a part of the store, which says when something has changed. */
export class Topics {
  readonly #database: Database;
  readonly #note: () => Changes;
  #byForum = new Map<PeerId, Map<MessageId, Topic>>();

  constructor(database: Database, note: () => Changes) {
    this.#database = database;
    this.#note = note;
  }

  /** Reads what was known before. */
  async load(): Promise<void> {
    for (const topic of await this.#database.list<Topic>('topics')) this.#forum(topic.peer).set(topic.id, topic);
  }

  #forum(peer: PeerId): Map<MessageId, Topic> {
    const known = this.#byForum.get(peer);
    if (known) return known;
    const fresh = new Map<MessageId, Topic>();
    this.#byForum.set(peer, fresh);
    return fresh;
  }

  list(peer: PeerId): Topic[] {
    return [...(this.#byForum.get(peer)?.values() ?? [])];
  }

  /** The topics of all forums. */
  all(): Topic[] {
    return [...this.#byForum.values()].flatMap((forum) => [...forum.values()]);
  }

  get(peer: PeerId, id: MessageId): Topic | undefined {
    return this.#byForum.get(peer)?.get(id);
  }

  set(topic: Topic): void {
    if (isSame(this.get(topic.peer, topic.id), topic)) return;
    this.#forum(topic.peer).set(topic.id, topic);
    this.#database.put('topics', [topic.peer, topic.id], topic);
    this.#note().topic(topic.peer, topic.id);
  }

  /** Changes a topic, if it is known. */
  change(peer: PeerId, id: MessageId, change: (topic: Topic) => Partial<Topic>): void {
    const topic = this.get(peer, id);
    if (topic) this.set({ ...topic, ...change(topic) });
  }

  remove(peer: PeerId, id: MessageId): void {
    if (!this.#byForum.get(peer)?.delete(id)) return;
    this.#database.delete('topics', [peer, id]);
    this.#note().topic(peer, id);
  }

  /** Forgets all topics of a forum. */
  clear(peer: PeerId): void {
    for (const { id } of this.list(peer)) this.remove(peer, id);
  }
}
