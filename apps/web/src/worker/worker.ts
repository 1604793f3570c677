import type { ToWorker, ViewName } from '../protocol/index.ts';
import { Account } from './account.ts';
import { createAnswers } from './answers/index.ts';
import { FileLoader } from './files/file-loader.ts';
import { ChatLoader } from './load-chats.ts';
import { HistoryLoader } from './load-history.ts';
import { LogIn } from './log-in.ts';
import { PagePort, type PortDeps } from './port.ts';
import { Search } from './search.ts';
import { Outbox } from './send/outbox.ts';
import { ChatListView } from './views/chats-view.ts';
import { OpenChatView } from './views/chat-view.ts';
import { FoldersView } from './views/folders-view.ts';
import { MessageWindow } from './views/history-view.ts';
import type { Said, View } from './views/view.ts';

/** Changes are told to pages at most this often, in milliseconds: once a frame. */
const FRAME_MS = 16;

/** A port of a page, shared or not. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** The worker: one account, and the pages that show it. */
export class WebWorker {
  readonly #pages = new Map<Port, PagePort>();
  readonly #build: string;
  #started: Promise<PortDeps> | undefined;
  #account: Account | undefined;
  #isWaiting = false;

  constructor(build: string) {
    this.#build = build;
  }

  /** Serves a page from its first message on. */
  connect(port: Port): void {
    port.onmessage = ({ data }) => {
      if (data.type === 'hello') void this.#welcome(port, data);
      else if (data.type === 'bye') this.#forget(port);
      else this.#pages.get(port)?.receive(data);
    };
  }

  async #welcome(port: Port, { build, origin, hidden, language }: Extract<ToWorker, { type: 'hello' }>): Promise<void> {
    if (build !== this.#build) {
      // Two builds must never write one database.
      this.#reloadAll(port);
      return;
    }
    this.#started ??= this.#start(origin, language);
    const page = new PagePort(port, await this.#started);
    page.isVisible = !hidden;
    this.#pages.set(port, page);
    page.flush(undefined);
  }

  #forget(port: Port): void {
    this.#pages.get(port)?.close();
    this.#pages.delete(port);
  }

  #reloadAll(...others: Port[]): void {
    for (const port of [...this.#pages.keys(), ...others]) port.postMessage({ type: 'reload' });
    this.#pages.clear();
    close();
  }

  async #start(origin: string, language: string): Promise<PortDeps> {
    const account = await Account.open({ origin, language, build: this.#build, onChange: () => this.#schedule(), onEnd: () => this.#reloadAll() });
    this.#account = account;
    const chats = new ChatLoader(account);
    const history = new HistoryLoader(account);
    const outbox = new Outbox(account);
    account.refresh = { refreshChats: (peers) => chats.refresh(peers), refreshPeers: () => undefined, refreshFolders: () => account.store.noteFolders() };
    account.store.isShown = (peer, id) => this.#windows().some((window) => window.peer === peer && window.shows(id));
    account.onReady = () => {
      outbox.resume();
      account.firstChats = chats.more(0).catch(() => undefined);
    };
    void this.#connect(account);
    const createView = (name: ViewName, say: unknown): View => {
      switch (name) {
        case 'chats':
          return new ChatListView({ account, loader: chats, say: say as Said<'chats'> });
        case 'folders':
          return new FoldersView(account);
        case 'chat':
          return new OpenChatView({ account, say: say as Said<'chat'> });
        case 'history':
          return new MessageWindow({ account, loader: history, say: say as Said<'history'> });
      }
    };
    return { account, answers: createAnswers({ account, chats, history, outbox, logIn: new LogIn(account), files: new FileLoader(account, history), search: new Search(account) }), createView };
  }

  /** Connects, again and again while the server cannot be reached. */
  async #connect(account: Account): Promise<void> {
    for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 15_000)) {
      try {
        await account.start();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  #windows(): MessageWindow[] {
    return [...this.#pages.values()].flatMap(({ views }) => [...views.values()].filter((view) => view instanceof MessageWindow));
  }

  #schedule(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => this.#tell(), FRAME_MS);
  }

  #tell(): void {
    this.#isWaiting = false;
    if (!this.#account) return;
    const { store } = this.#account;
    const changes = store.takeChanges();
    for (const page of this.#pages.values()) page.flush(changes);
    for (const peer of changes.messages.keys()) store.release(peer);
  }
}
