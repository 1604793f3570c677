import type { ToWorker } from '../protocol/index.ts';
import { Account } from './account.ts';
import { answerLogIn } from './answers/log-in.ts';
import { PagePort, type PortDeps } from './port.ts';
import type { Serving } from './serving.ts';
import type { View } from './views/view.ts';

/** Changes are told to pages at most this often, in milliseconds: once a frame. */
const FRAME_MS = 16;
/** What a page may send while the worker starts, in messages: a page opens a few views then. */
const EARLY_MAX = 1000;

/** What the worker and a page talk through: a port of a shared worker, or a worker of one page. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** The worker: one account, and the pages that show it. */
export class WebWorker {
  readonly #pages = new Map<Port, PagePort>();
  /** Pages that said hello before the worker had started, with what they have sent since. */
  readonly #early = new Map<Port, ToWorker[]>();
  readonly #build: string;
  #started: Promise<PortDeps> | undefined;
  #account: Account | undefined;
  #serving: (() => Promise<Serving>) | undefined;
  #isWaiting = false;
  /** When pages were told last, in milliseconds. */
  #toldAt = 0;

  constructor(build: string) {
    this.#build = build;
  }

  /** Serves a page from its first message on. */
  connect(port: Port): void {
    port.onmessage = ({ data }) => {
      if (data.type === 'hello') void this.#welcome(port, data);
      else if (data.type === 'bye') this.#forget(port);
      else this.#take(port, data);
      if (data.type === 'visible') this.#tellVisible();
    };
  }

  /** Takes a message of a page now, or when the worker has started: a page that loads faster than the database opens its views before. */
  #take(port: Port, message: ToWorker): void {
    const early = this.#early.get(port);
    if (!early) this.#pages.get(port)?.receive(message);
    else if (early.length < EARLY_MAX) early.push(message);
  }

  async #welcome(port: Port, { build, origin, hidden, language }: Extract<ToWorker, { type: 'hello' }>): Promise<void> {
    if (build !== this.#build) {
      // Two builds must never write one database.
      this.#endAll('reload', port);
      return;
    }
    this.#started ??= this.#start(origin, language);
    const early: ToWorker[] = [];
    this.#early.set(port, early);
    const deps = await this.#started;
    // Meanwhile the page may have closed, or a newer page may have told all of them to reload.
    if (this.#early.get(port) !== early) return;
    this.#early.delete(port);
    const page = new PagePort(port, deps);
    page.isVisible = !hidden;
    this.#pages.set(port, page);
    page.flush(undefined);
    for (const message of early) page.receive(message);
    this.#tellVisible();
  }

  #forget(port: Port): void {
    this.#early.delete(port);
    const page = this.#pages.get(port);
    page?.close();
    this.#pages.delete(port);
    if (page) this.#tellServing((serving) => serving.leave(page));
    this.#tellVisible();
  }

  /** Tells the server whether somebody looks at one of the pages. */
  #tellVisible(): void {
    const isVisible = [...this.#pages.values()].some((page) => page.isVisible);
    this.#tellServing((serving) => {
      serving.setVisible(isVisible);
      // The device may have slept.
      serving.checkTimers();
    });
  }

  #tellServing(tell: (serving: Serving) => void): void {
    if (this.#account?.store.session.stage === 'ready') void this.#serving?.().then(tell);
  }

  /** The page that is most likely looked at, or else the last one that was opened. */
  #pageInSight(): PagePort | undefined {
    const pages = [...this.#pages.values()];
    return pages.find((page) => page.isVisible) ?? pages.at(-1);
  }

  #endAll(type: 'reload' | 'end', ...others: Port[]): void {
    for (const port of [...this.#pages.keys(), ...this.#early.keys(), ...others]) port.postMessage({ type });
    this.#pages.clear();
    this.#early.clear();
    close();
  }

  async #start(origin: string, language: string): Promise<PortDeps> {
    const account = await Account.open({
      origin,
      language,
      build: this.#build,
      loadServing: () => serving(),
      onChange: () => this.#schedule(),
      onServe: () => this.#tellVisible(),
      onEnd: () => this.#endAll('end'),
    });
    this.#account = account;
    let loading: Promise<Serving> | undefined;
    const serving = (): Promise<Serving> => (loading ??= import('./serving.ts').then(({ createServing }) =>
        createServing({
          account,
          listViews: () => this.#listViews(),
          pageInSight: () => this.#pageInSight(),
          alert: (peer, snippet) => this.#pageInSight()?.alert(peer, snippet),
          tellRefused: (kind, refusal) => this.#pageInSight()?.tellRefused(kind, refusal),
        }),
      ));
    this.#serving = serving;
    void this.#connect(account);
    return { account, logIn: answerLogIn(account), serving };
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

  #listViews(): View[] {
    return [...this.#pages.values()].flatMap(({ views }) => [...views.values()]);
  }

  #schedule(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    // What changes together is told together; after a pause nobody waits for a frame.
    setTimeout(() => this.#tell(), Math.max(0, this.#toldAt + FRAME_MS - performance.now()));
  }

  #tell(): void {
    this.#isWaiting = false;
    this.#toldAt = performance.now();
    if (!this.#account) return;
    const { store } = this.#account;
    const changes = store.takeChanges();
    for (const page of this.#pages.values()) page.flush(changes);
    for (const peer of changes.messages.keys()) store.release(peer);
    // A connection that comes back is the first sign that the device has slept.
    if (changes.chats.size > 0 || changes.topics.size > 0 || changes.folders || changes.session) this.#tellServing((serving) => serving.checkTimers());
  }
}
