import type { IReferenceMessagesRepository, IPeersRepository, ITelegramStorageProvider } from '@mtcute/core';
import type { Database } from './database.ts';

/** A temporary key and when it ends, in milliseconds since 1970. */
interface TemporaryKey {
  key: Uint8Array;
  expires: number;
}

/**
 * What mtcute keeps, in the database of the account. Nothing is written before `save`, which mtcute calls after the reducers have seen an update
 * and it has noted its new state: rows and state then come into one transaction.
 */
export function createMtcuteStorage(database: Database): ITelegramStorageProvider {
  return {
    driver: { save: () => database.flush() },
    kv: {
      set: (key, value) => database.put('session', `kv:${key}`, value),
      get: async (key) => (await database.get<Uint8Array>('session', `kv:${key}`)) ?? null,
      delete: (key) => database.delete('session', `kv:${key}`),
      deleteAll: () => database.delete('session', IDBKeyRange.bound('kv:', 'kv;')),
    },
    authKeys: {
      set: (dc, key) => putOrDelete(database, `permanent:${dc}`, key),
      get: async (dc) => (await database.get<Uint8Array>('authKeys', `permanent:${dc}`)) ?? null,
      setTemp: (dc, index, key, expires) => putOrDelete(database, `temporary:${dc}:${index}`, key && { key, expires }),
      getTemp: async (dc, index, now) => {
        const found = await database.get<TemporaryKey>('authKeys', `temporary:${dc}:${index}`);
        return found !== undefined && found.expires > now ? found.key : null;
      },
      deleteByDc: (dc) => {
        database.delete('authKeys', `permanent:${dc}`);
        database.delete('authKeys', IDBKeyRange.bound(`temporary:${dc}:`, `temporary:${dc};`));
      },
      deleteAll: () => database.clear('authKeys'),
    },
    peers: createPeers(database),
    refMessages: createReferences(database),
  };
}

function putOrDelete(database: Database, key: string, value: unknown): void {
  if (value === null) database.delete('authKeys', key);
  else database.put('authKeys', key, value);
}

function createPeers(database: Database): IPeersRepository {
  return {
    store: (peer) => database.put('mtPeers', peer.id, peer),
    getById: async (id) => (await database.get<IPeersRepository.PeerInfo>('mtPeers', id)) ?? null,
    // Pages ask the server for names, so nothing reads by these.
    getByUsername: () => null,
    getByPhone: () => null,
    deleteAll: () => database.clear('mtPeers'),
  };
}

/** Messages by which a peer can be named whose access hash is not known: the newest one for each peer. */
function createReferences(database: Database): IReferenceMessagesRepository {
  return {
    store: (peer, chat, message) => database.put('references', peer, [chat, message]),
    getByPeer: async (peer) => (await database.get<[number, number]>('references', peer)) ?? null,
    // A reference to a deleted message is refused by the server when it is used, and the next message replaces it.
    delete: () => undefined,
    deleteByPeer: (peer) => database.delete('references', peer),
    deleteAll: () => database.clear('references'),
  };
}
