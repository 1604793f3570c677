// Everything that only somebody who is logged in needs: it is loaded then, so that the log-in page comes sooner.
import type { ViewName } from '../protocol/index.ts';
import type { Account, UpdateTaker } from './account.ts';
import { type Answers, createAnswers } from './answers/index.ts';
import { FileLoader } from './files/file-loader.ts';
import { ChatLoader } from './load-chats.ts';
import { HistoryLoader } from './load-history.ts';
import { reduce } from './reduce/index.ts';
import { Search } from './search.ts';
import { Outbox } from './send/outbox.ts';
import { ChatListView } from './views/chats-view.ts';
import { OpenChatView } from './views/chat-view.ts';
import { FoldersView } from './views/folders-view.ts';
import { MessageWindow } from './views/history-view.ts';
import type { Said, View } from './views/view.ts';

/** What the worker does for pages of a logged-in account. */
export interface Serving extends UpdateTaker {
  answers: Answers;
  createView(name: ViewName, say: unknown): View;
}

/** @param listViews lists what all pages keep open */
export function createServing(account: Account, listViews: () => View[]): Serving {
  const chats = new ChatLoader(account);
  const history = new HistoryLoader(account);
  const outbox = new Outbox(account);
  account.refresh = { refreshChats: (peers) => chats.refresh(peers), refreshPeers: () => undefined, refreshFolders: () => account.store.noteFolders() };
  account.store.isShown = (peer, id) => listViews().some((view) => view instanceof MessageWindow && view.peer === peer && view.shows(id));
  return {
    answers: createAnswers({ account, chats, history, outbox, files: new FileLoader(account, history), search: new Search(account) }),
    createView: (name, say) => {
      switch (name) {
        case 'chats':
          return new ChatListView({ account, loader: chats, say: say as Said<'chats'> });
        case 'folders':
          return new FoldersView(account);
        case 'chat':
          return new OpenChatView({ account, history, say: say as Said<'chat'> });
        case 'history':
          return new MessageWindow({ account, loader: history, say: say as Said<'history'> });
      }
    },
    takeUpdate: (update) => reduce(account.context, update),
    begin: () => {
      outbox.resume();
      void chats.more(0).catch(() => undefined).then(() => account.settleFirstChats());
    },
  };
}
