// Everything that only somebody who is logged in needs: it is loaded then, so that the log-in page comes sooner.
import { sha1, sha256 } from '@mtcute/wasm';
import type { PeerId, Refusal, Snippet, ViewName, WaitingChange } from '../protocol/index.ts';
import type { Account, UpdateTaker } from './account.ts';
import { Alerts } from './alerts.ts';
import { type Answers, createAnswers } from './answers/index.ts';
import { Calls } from './calls/calls.ts';
import type { CallPlace } from './calls/one-call.ts';
import { FileLoader } from './files/file-loader.ts';
import { ChatLoader } from './load-chats.ts';
import { HistoryLoader } from './load-history.ts';
import { PeerLoader } from './load-peers.ts';
import { TopicLoader } from './load-topics.ts';
import { ThreadLoader } from './load-threads.ts';
import { loadContacts, loadFolders, loadMutes } from './load-settings.ts';
import { MuteTimer } from './mute-timer.ts';
import { OwnPresence } from './own-presence.ts';
import { reduce } from './reduce/index.ts';
import { Search } from './search.ts';
import { MessageChanges } from './send/message-changes.ts';
import { Outbox } from './send/outbox.ts';
import { ChatListView } from './views/chats-view.ts';
import { OpenChatView } from './views/chat-view.ts';
import { OpenCallView } from './views/call-view.ts';
import { ContactsView } from './views/contacts-view.ts';
import { FolderTabsView } from './views/folders-view.ts';
import { MessageWindow } from './views/history-view.ts';
import { KeptListView } from './views/kept-view.ts';
import { InvitesView } from './views/invites-view.ts';
import { MemberView } from './views/member-view.ts';
import { MembersView } from './views/members-view.ts';
import { RecentsView } from './views/recents-view.ts';
import { OpenTopicView } from './views/topic-view.ts';
import { StickerSetList } from './views/sticker-sets-view.ts';
import { TopicListView } from './views/topics-view.ts';
import { OpenThreadView } from './views/thread-view.ts';
import type { Said, View } from './views/view.ts';

/** What the worker does for pages of a logged-in account. */
export interface Serving extends UpdateTaker {
  answers: Answers;
  /** Tells the server whether somebody is looking at a window. */
  setVisible(isVisible: boolean): void;
  /** To be called when something has changed on which a timer depends, or when time may have passed unnoticed. */
  checkTimers(): void;
  createView(name: ViewName, say: unknown): View;
  /** A page is gone. */
  leave(page: CallPlace): void;
}

/** What serving needs of the worker. */
export interface ServingDeps {
  account: Account;
  /** Lists what all pages keep open. */
  listViews(): View[];
  /** The page that is most likely looked at. */
  pageInSight(): CallPlace | undefined;
  /** Tells one of the pages of a new message. */
  alert(peer: PeerId, snippet: Snippet): void;
  /** Tells one of the pages that the server refused what was done before the pages were opened. */
  tellRefused(kind: WaitingChange, refusal: Refusal): void;
}

/** Makes what a logged-in account needs. */
export function createServing({ account, listViews, pageInSight, alert, tellRefused }: ServingDeps): Serving {
  const chats = new ChatLoader(account);
  const history = new HistoryLoader(account);
  const topics = new TopicLoader(account);
  const threads = new ThreadLoader(account);
  const outbox = new Outbox(account);
  const changes = new MessageChanges(account);
  const peers = new PeerLoader(account);
  const presence = new OwnPresence(account);
  const mutes = new MuteTimer(account.store);
  const alerts = new Alerts(account, alert);
  const files = new FileLoader(account, history);
  const calls = new Calls({ account, hashes: { sha1, sha256 }, random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>), pageInSight });
  account.refresh = {
    refreshChats: (peers) => chats.refresh(peers),
    refreshTopics: (peer, ids) => topics.refresh(peer, ids),
    refreshPeers: (ids) => peers.refresh(ids),
    refreshContacts: () => void loadContacts(account).catch(() => undefined),
    refreshFolders: () => void loadFolders(account).catch(() => undefined),
    recount: (peer, ids) => threads.recount(peer, ids),
  };
  account.store.recount = account.refresh.recount;
  account.store.isShown = (peer, id) => listViews().some((view) => view instanceof MessageWindow && view.shows(peer, id));
  return {
    answers: createAnswers({ account, calls, changes, chats, history, outbox, files, search: new Search(account), threads }),
    createView: (name, say) => {
      switch (name) {
        case 'chats':
          return new ChatListView({ account, loader: chats, say: say as Said<'chats'> });
        case 'folders':
          return new FolderTabsView({ account, loader: chats });
        case 'chat':
          return new OpenChatView({ account, history, say: say as Said<'chat'> });
        case 'history':
          return new MessageWindow({ account, loader: history, topics, say: say as Said<'history'> });
        case 'thread':
          return new OpenThreadView({ account, loader: threads, say: say as Said<'thread'> });
        case 'members':
          return new MembersView({ account, say: say as Said<'members'> });
        case 'member':
          return new MemberView({ account, say: say as Said<'member'> });
        case 'invites':
          return new InvitesView({ account, say: say as Said<'invites'> });
        case 'contacts':
          return new ContactsView(account);
        case 'recents':
          return new RecentsView(account);
        case 'kept':
          return new KeptListView({ kept: files.kept, say: say as Said<'kept'> });
        case 'stickerSets':
          return new StickerSetList({ account, sets: files.stickers, say: say as Said<'stickerSets'> });
        case 'topics':
          return new TopicListView({ account, loader: topics, say: say as Said<'topics'> });
        case 'topic':
          return new OpenTopicView({ account, loader: topics, say: say as Said<'topic'> });
        case 'call':
          return new OpenCallView(calls);
      }
    },
    leave: (page) => calls.leave(page),
    setVisible: (isVisible) => presence.set(isVisible),
    checkTimers: () => mutes.check(),
    takeUpdate: (update) => {
      reduce(account.context, update);
      alerts.consider(update);
      calls.consider(update.update);
      files.stickers.consider(update.update);
      files.kept.consider(update.update);
    },
    begin: () => {
      outbox.resume();
      void changes.resume(tellRefused);
      void calls.resume().catch(() => undefined);
      void chats.more(0).catch(() => undefined).then(() => account.settleFirstChats());
      void account.firstChats.then(() => loadFolders(account)).catch(() => undefined);
      void loadMutes(account).catch(() => undefined);
    },
  };
}
