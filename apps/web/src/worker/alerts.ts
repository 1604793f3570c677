import type { RawUpdateInfo } from '@mtcute/core';
import { type PeerId, type Snippet, topicOf } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { readMessage, snippetOf } from './models/message.ts';
import { mutedUntil } from './models/mutes.ts';

/** Messages that are older were caught up after an absence, in seconds. */
const FRESH_S = 60;

/** Finds the messages of which a person should be told who looks elsewhere. */
export class Alerts {
  readonly #account: Account;
  readonly #tell: (peer: PeerId, snippet: Snippet) => void;

  constructor(account: Account, tell: (peer: PeerId, snippet: Snippet) => void) {
    this.#account = account;
    this.#tell = tell;
  }

  /** Looks at an update that has been taken over. */
  consider({ update }: RawUpdateInfo): void {
    if (update._ !== 'updateNewMessage' && update._ !== 'updateNewChannelMessage') return;
    const { store, me } = this.#account;
    const row = readMessage(update.message, me);
    if (!row || row.isOut || row.isSilent || row.peer === me || row.service?.kind === 'historyCleared') return;
    const now = Date.now() / 1000;
    if (row.date < now - FRESH_S) return;
    const chat = store.chats.get(row.peer);
    const peer = store.peers.get(row.peer);
    const topic = peer?.isForum ? store.topics.get(row.peer, topicOf(row)) : undefined;
    const readUpTo = topic?.readInboxId ?? chat?.readInboxId;
    if (readUpTo !== undefined && row.id <= readUpTo) return;
    const isMuted = (topic?.mutedUntil ?? mutedUntil(chat, peer, store.facts.mutes)) > now || chat?.isArchived === true;
    if (!isMuted || row.mentionsMe) this.#tell(row.peer, snippetOf(row));
  }
}
