import type { LogInQuestions, PeerId, QuestionName, Refusal, Snippet, ToPage, ToWorker, ViewName, ViewPatches, WaitingChange } from '../protocol/index.ts';
import type { Account } from './account.ts';
import type { AnswersTo, AskingPage } from './answers/answers.ts';
import { refusalOf } from './refusal.ts';
import type { Serving } from './serving.ts';
import type { Changes } from './store/changes.ts';
import type { View } from './views/view.ts';

/** What a port needs of the worker. */
export interface PortDeps {
  account: Account;
  logIn: AnswersTo<LogInQuestions>;
  /** Everything else, which is loaded at the first need. */
  serving(): Promise<Serving>;
}

/** One page: what it keeps open, and which peers it knows. */
export class PagePort implements AskingPage {
  readonly #port: Pick<MessagePort, 'postMessage'>;
  readonly #deps: PortDeps;
  readonly views = new Map<number, View>();
  #knownPeers = new Set<PeerId>();
  #knowsSession = false;
  #opening = new Set<number>();
  #failed = new Map<number, View>();
  isVisible = false;

  constructor(port: Pick<MessagePort, 'postMessage'>, deps: PortDeps) {
    this.#port = port;
    this.#deps = deps;
  }

  #post(message: ToPage): void {
    this.#port.postMessage(message);
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'ask':
        void this.#answer(message);
        return;
      case 'open':
        void this.#open(message);
        return;
      case 'close':
        this.#opening.delete(message.view);
        this.views.get(message.view)?.close();
        this.views.delete(message.view);
        return;
      case 'visible':
        this.isVisible = message.isVisible;
        return;
      case 'hello':
      case 'bye':
        return;
    }
  }

  async #answer({ id, name, say }: Extract<ToWorker, { type: 'ask' }>): Promise<void> {
    try {
      const answer = await this.#findAnswer(name);
      const get = await answer(say, this);
      // The page must know the peers of an answer before it draws them.
      this.flush(undefined);
      this.#post({ type: 'answer', id, get });
    } catch (error) {
      this.#post({ type: 'answer', id, refusal: refusalOf(error) });
    }
  }

  async #findAnswer(name: QuestionName): Promise<(say: unknown, page: AskingPage) => unknown> {
    const { logIn, serving } = this.#deps;
    // Who asks for a code will be logged in soon.
    if (name in logIn) void import('./serving.ts');
    const answers = name in logIn ? logIn : (await serving()).answers;
    return (answers as unknown as Record<QuestionName, (say: unknown, page: AskingPage) => unknown>)[name];
  }

  async #open({ view, name, say }: Extract<ToWorker, { type: 'open' }>): Promise<void> {
    this.#opening.add(view);
    const { createView } = await this.#deps.serving();
    // The page may have closed the view while the code was loaded.
    if (!this.#opening.delete(view)) return;
    const opened = createView(name, say);
    this.views.set(view, opened);
    this.#start(view, opened);
  }

  /** Starts a view. One that could not load what it shows is started again when the server can be reached, or when its peer becomes known. */
  #start(id: number, view: View): void {
    const started = view.start();
    // What was known without the server is shown before it answers.
    this.flush(undefined);
    started.then(
      () => this.flush(undefined),
      () => {
        this.#failed.set(id, view);
        this.flush(undefined);
      },
    );
  }

  /** Tells the page about peers that an answer will name. */
  introduce(peers: Iterable<PeerId>): void {
    const fresh = [...new Set(peers)].filter((id) => !this.#knownPeers.has(id)).flatMap((id) => this.#deps.account.store.peers.get(id) ?? []);
    for (const { id } of fresh) this.#knownPeers.add(id);
    if (fresh.length > 0) this.#post({ type: 'patches', peers: fresh });
  }

  /** Tells the page of a new message. */
  alert(peer: PeerId, snippet: Snippet): void {
    this.introduce([peer, snippet.from]);
    this.#post({ type: 'alert', peer, snippet });
  }

  /** Tells the page that the server refused a change for which nobody waits any more. */
  tellRefused(kind: WaitingChange, refusal: Refusal): void {
    this.#post({ type: 'refused', kind, refusal });
  }

  /** Tells the page how far a file has come. */
  tellProgress(file: string, loaded: number, total: number): void {
    this.#post({ type: 'progress', file, loaded, total });
  }

  /** Tells the page what the other side of its call says. */
  tellSignal(call: number, data: Uint8Array): void {
    this.#post({ type: 'signal', call, data });
  }

  /** Lets the page be heard: a call rings. */
  ring(call: number): void {
    this.#post({ type: 'ring', call });
  }

  /** Tells the page what has changed in what it shows. @param changes undefined if only what views have gathered is to be sent */
  flush(changes: Changes | undefined): void {
    const { store } = this.#deps.account;
    if (changes) this.#restartFailed(changes);
    const views: { view: number; patch: ViewPatches[ViewName] }[] = [];
    const named = new Set<PeerId>();
    for (const [id, view] of this.views) {
      if (changes) view.notice(changes);
      const patch = view.takePatch();
      if (!patch) continue;
      views.push({ view: id, patch });
      for (const peer of view.peersOf(patch)) named.add(peer);
    }
    const { me } = store.session;
    if (me !== undefined) named.add(me);
    const wanted = new Set([...named].filter((id) => !this.#knownPeers.has(id)));
    for (const id of changes?.peers ?? []) if (this.#knownPeers.has(id)) wanted.add(id);
    const peers = [...wanted].flatMap((id) => store.peers.get(id) ?? []);
    for (const { id } of peers) this.#knownPeers.add(id);
    const tellsSession = changes?.session === true || !this.#knowsSession;
    if (!tellsSession && peers.length === 0 && views.length === 0) return;
    this.#knowsSession = true;
    this.#post({
      type: 'patches',
      ...(tellsSession ? { session: { ...store.session } } : {}),
      ...(peers.length > 0 ? { peers } : {}),
      ...(views.length > 0 ? { views } : {}),
    });
  }

  #restartFailed({ session, peers }: Changes): void {
    const isConnected = session && this.#deps.account.store.session.connection === 'connected';
    for (const [id, view] of this.#failed) {
      if (!isConnected && (view.peer === undefined || !peers.has(view.peer))) continue;
      this.#failed.delete(id);
      if (this.views.get(id) === view) this.#start(id, view);
    }
  }

  close(): void {
    for (const view of this.views.values()) view.close();
    this.views.clear();
  }
}
