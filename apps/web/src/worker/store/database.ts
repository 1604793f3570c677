/** What the database keeps. `session`, `authKeys` and `outbox` are dropped only by log-out; the others are a cache of what the server knows. */
export const KEPT_STORES = ['session', 'authKeys', 'outbox'] as const;

/** `facts` has what there is once, by name: folders, default mutes, what was searched for. */
export const CACHE_STORES = ['mtPeers', 'references', 'peers', 'chats', 'messages', 'ranges', 'files', 'facts', 'topics'] as const;

export type StoreName = (typeof KEPT_STORES)[number] | (typeof CACHE_STORES)[number];

/** Version of the object stores themselves. */
const STRUCTURE = 3;
/** Version of the rows of the cache. Rows of another version are dropped and loaded anew. */
const CACHE_VERSION = 12;

/** What is dropped, one after the other, when there is no more room. Ranges without their messages would say that there are none. */
const DROPPED_WHEN_FULL: readonly (readonly StoreName[])[] = [['files'], ['messages', 'ranges']];

const CACHE_VERSION_KEY = 'cacheVersion';
const NAME = 'aerogram-account-1';

/** How long somebody who logs out waits for a connection that does not let go of the database, in milliseconds. */
const PATIENCE_MS = 2000;

/** A change that waits to be written. `patch` and `take` read rows in the transaction that writes them. */
type Change =
  | { kind: 'put'; store: StoreName; key: IDBValidKey; value: unknown }
  | { kind: 'delete'; store: StoreName; key: IDBValidKey | IDBKeyRange }
  | { kind: 'patch'; store: StoreName; key: IDBValidKey; patch: (value: unknown) => unknown }
  | { kind: 'take'; store: StoreName; key: IDBKeyRange; take: (values: unknown[]) => void }
  | { kind: 'clear'; store: StoreName };

/**
 * The account's IndexedDB. Changes are gathered and written by one transaction, so that the state of updates is never ahead of the rows that
 * these updates changed.
 */
export class Database {
  #db: IDBDatabase;
  #changes: Change[] = [];
  #flushing: Promise<void> | undefined;
  #isClosed = false;
  /** Called when all messages were dropped, because there was no more room. */
  onMessagesDropped: () => void = () => undefined;

  private constructor(db: IDBDatabase) {
    this.#db = db;
    // Another tab deletes the database, after a log-out.
    db.onversionchange = () => this.close();
  }

  static async open(): Promise<Database> {
    const request = indexedDB.open(NAME, STRUCTURE);
    request.onupgradeneeded = () => {
      const db = request.result;
      // What was kept under another structure stays; a cache is loaded anew.
      for (const name of db.objectStoreNames) if (!isKept(name)) db.deleteObjectStore(name);
      for (const name of [...KEPT_STORES, ...CACHE_STORES]) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
      // Ids of messages in private chats and basic groups are those of the account, so deletions name no chat.
      request.transaction!.objectStore('messages').createIndex('own', 'ownId', { unique: false });
    };
    const database = new Database(await settle(request));
    if ((await database.get<number>('session', CACHE_VERSION_KEY)) !== CACHE_VERSION) {
      database.dropCache();
      database.put('session', CACHE_VERSION_KEY, CACHE_VERSION);
      await database.flush();
    }
    return database;
  }

  /**
   * Deletes the database, in all tabs. A connection that does not let go of it, as that of a tab that hangs, holds this up: then the browser deletes it when
   * that connection ends.
   * @param patienceMs how long to wait for that, in milliseconds
   */
  static async erase(patienceMs = PATIENCE_MS): Promise<void> {
    await within(settle(indexedDB.deleteDatabase(NAME)), patienceMs);
  }

  /** Empties everything, closes this connection, and deletes the database. Also where another connection holds it open, nothing is left in it. */
  async end(patienceMs = PATIENCE_MS): Promise<void> {
    this.#isClosed = true;
    this.#changes = [];
    const emptied = this.#store([...KEPT_STORES, ...CACHE_STORES].map((store) => ({ kind: 'clear', store })));
    await within(emptied, patienceMs).catch(() => undefined);
    this.close();
    await Database.erase(patienceMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#changes = [];
    this.#db.close();
  }

  put(store: StoreName, key: IDBValidKey, value: unknown): void {
    this.#changes.push({ kind: 'put', store, key, value });
  }

  delete(store: StoreName, key: IDBValidKey | IDBKeyRange): void {
    this.#changes.push({ kind: 'delete', store, key });
  }

  /** Changes a row if it is there. @param patch returns the new row, or undefined to delete it; it must not change its argument */
  patch<Row>(store: StoreName, key: IDBValidKey, patch: (row: Row) => Row | undefined): void {
    this.#changes.push({ kind: 'patch', store, key, patch: patch as (value: unknown) => unknown });
  }

  /** Deletes rows. @param take gets what they were, and may make further changes */
  take<Row>(store: StoreName, key: IDBKeyRange, take: (rows: Row[]) => void): void {
    this.#changes.push({ kind: 'take', store, key, take: take as (values: unknown[]) => void });
  }

  clear(store: StoreName): void {
    this.#changes.push({ kind: 'clear', store });
  }

  /** Forgets everything that the server can tell again. */
  dropCache(): void {
    for (const name of CACHE_STORES) this.clear(name);
  }

  /** Writes all changes so far. Resolves when they are stored. */
  async flush(): Promise<void> {
    while (this.#changes.length > 0 && !this.#isClosed) {
      if (this.#flushing === undefined) this.#flushing = this.#write().finally(() => (this.#flushing = undefined));
      await this.#flushing;
    }
    await this.#flushing;
  }

  /** Writes what has changed. Where the browser gives no more room, what the server can tell again goes first: files, then messages. */
  async #write(): Promise<void> {
    let changes = this.#changes;
    this.#changes = [];
    for (const lost of DROPPED_WHEN_FULL) {
      const refusal = await this.#tryToStore(changes);
      if (refusal === undefined) return;
      if (!isFull(refusal)) break;
      await this.#storeEach(lost.map((store) => ({ kind: 'clear', store })));
      changes = changes.filter(({ store }) => !lost.includes(store));
      if (lost.includes('messages')) this.onMessagesDropped();
    }
    if ((await this.#tryToStore(changes)) !== undefined) await this.#storeEach(changes);
  }

  /** Writes changes in one transaction: all of them or none. @returns the error if the browser refused; undefined if all are stored */
  async #tryToStore(changes: readonly Change[]): Promise<unknown> {
    try {
      await this.#store(changes);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /**
   * Writes each change in a transaction of its own, after they could not be written together: only changes that the browser refuses are lost. The store that
   * holds the state of updates comes last. If the worker ends before that, the server sends these updates again.
   */
  async #storeEach(changes: readonly Change[]): Promise<void> {
    const isState = ({ store }: Change): boolean => store === 'session';
    for (const change of [...changes.filter((each) => !isState(each)), ...changes.filter(isState)]) {
      if (this.#isClosed) return;
      try {
        await this.#store([change]);
      } catch (error) {
        console.warn(`a change of ${change.store} could not be stored`, error);
      }
    }
  }

  async #store(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const names = [...new Set(changes.map(({ store }) => store))];
    const transaction = this.#db.transaction(names, 'readwrite', { durability: 'relaxed' });
    try {
      for (const change of changes) apply(transaction.objectStore(change.store), change);
    } catch (error) {
      // A value cannot be stored at all. Without this, the changes before it would be committed.
      transaction.abort();
      throw error;
    }
    await finish(transaction);
  }

  async get<Row>(store: StoreName, key: IDBValidKey): Promise<Row | undefined> {
    const waiting = this.#changes.findLast((change) => change.store === store && (change.kind === 'clear' || change.kind === 'patch' || change.kind === 'take' || isSameKey(change.key, key)));
    if (waiting?.kind === 'put') return waiting.value as Row;
    if (waiting !== undefined) await this.flush();
    return (await settle(this.#read(store).get(key))) as Row | undefined;
  }

  /** Reads rows in the order of their keys. */
  async list<Row>(store: StoreName, range?: IDBKeyRange, count?: number): Promise<Row[]> {
    await this.flush();
    return (await settle(this.#read(store).getAll(range, count))) as Row[];
  }

  async listKeys(store: StoreName, range?: IDBKeyRange): Promise<IDBValidKey[]> {
    await this.flush();
    return await settle(this.#read(store).getAllKeys(range));
  }

  /** Finds rows of messages by the id that is counted per account. */
  async listByOwnId<Row>(ownId: number): Promise<Row[]> {
    await this.flush();
    return (await settle(this.#read('messages').index('own').getAll(ownId))) as Row[];
  }

  #read(store: StoreName): IDBObjectStore {
    return this.#db.transaction(store, 'readonly').objectStore(store);
  }
}

function isSameKey(first: IDBValidKey | IDBKeyRange, second: IDBValidKey): boolean {
  return first instanceof IDBKeyRange ? first.includes(second) : indexedDB.cmp(first, second) === 0;
}

function apply(store: IDBObjectStore, change: Change): void {
  switch (change.kind) {
    case 'put':
      store.put(change.value, change.key);
      return;
    case 'delete':
      store.delete(change.key);
      return;
    case 'clear':
      store.clear();
      return;
    case 'take': {
      const request = store.getAll(change.key);
      request.onsuccess = () => change.take(request.result);
      store.delete(change.key);
      return;
    }
    case 'patch': {
      const request = store.get(change.key);
      request.onsuccess = () => {
        if (request.result === undefined) return;
        const row = change.patch(request.result);
        if (row === undefined) store.delete(change.key);
        else store.put(row, change.key);
      };
    }
  }
}

function settle<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database gave no reason'));
  });
}

/** Waits for something, but not for ever. */
async function within(done: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([done, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]).finally(() => clearTimeout(timer));
}

const isKept = (name: string): boolean => (KEPT_STORES as readonly string[]).includes(name);

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

function finish(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}
