import { signal, type Signal } from '@preact/signals';
import type { Got, HistoryPatch, Message, Peer, PeerId, QuestionName, Refusal, Said, Session, Snippet, ToPage, ToWorker, ViewName, ViewPatches, Views, WaitingChange } from '../../protocol/index.ts';
import { scriptAddress } from './script-address.ts';
import { forgetEverything } from './forget.ts';
import { workInOneTab } from './tabs.ts';

declare const __BUILD__: string;

/** What the worker refused. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Something that the page keeps open in the worker. */
export interface OpenView<Name extends ViewName> {
  id: number;
  state: Signal<Partial<Views[Name]['see']>>;
  close(): void;
}

export const session = signal<Session>({ stage: 'starting', connection: 'connecting', isTestMode: false });
const peers = new Map<PeerId, Signal<Peer | undefined>>();

/** The signal of a peer: undefined until the worker has told it. */
export function peerSignal(id: PeerId): Signal<Peer | undefined> {
  const known = peers.get(id);
  if (known) return known;
  const fresh = signal<Peer | undefined>(undefined);
  peers.set(id, fresh);
  return fresh;
}

const progress = new Map<string, Signal<number>>();

/** How far a file has come, 0 to 1. Files are named by `fileKey`. */
export function progressSignal(file: string): Signal<number> {
  const known = progress.get(file);
  if (known) return known;
  const fresh = signal(0);
  progress.set(file, fresh);
  return fresh;
}

let tellAlert: (peer: PeerId, snippet: Snippet) => void = () => {};

/** Says what to do when the worker tells this page, of all that are open, of a new message. */
export function onAlert(tell: (peer: PeerId, snippet: Snippet) => void): void {
  tellAlert = tell;
}

let tellRefused: (kind: WaitingChange, refusal: Refusal) => void = () => {};

/** Says what to do when the worker tells this page, of all that are open, that the server refused what was done before. */
export function onRefused(tell: (kind: WaitingChange, refusal: Refusal) => void): void {
  tellRefused = tell;
}

let tellSignal: (call: number, data: Uint8Array) => void = () => {};

/** Says what to do with what the other side of the call in this page says. */
export function onSignal(tell: (call: number, data: Uint8Array) => void): void {
  tellSignal = tell;
}

let tellRing: (call: number) => void = () => {};

/** Says what to do when the worker wants this page, of all that are open, to be heard because a call rings. */
export function onRing(tell: (call: number) => void): void {
  tellRing = tell;
}

/** What may be sent before there is a worker, in messages. */
const EARLY_MAX = 1000;

let port: MessagePort | Worker | undefined;
/** What was sent before there was a worker: without shared workers, a tab first asks whether another one works. */
let early: ToWorker[] = [];
let lastId = 0;
const asked = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
const views = new Map<number, { name: ViewName; state: Signal<object> }>();

function post(message: ToWorker): void {
  if (port) port.postMessage(message);
  else if (early.length < EARLY_MAX) early.push(message);
}

/** Starts the worker, or joins it if another tab has started it. Without shared workers, one tab has a worker and the others wait. */
export function connectWorker(): void {
  if ('SharedWorker' in window) {
    const worker = new SharedWorker(scriptAddress('/worker.js'), { type: 'module', name: 'aerogram' });
    worker.port.onmessage = ({ data }: MessageEvent<ToPage>) => receive(data);
    greet(worker.port);
    return;
  }
  let worker: Worker | undefined;
  workInOneTab({
    start: () => {
      worker = new Worker(scriptAddress('/worker.js'), { type: 'module', name: 'aerogram' });
      worker.onmessage = ({ data }: MessageEvent<ToPage>) => receive(data);
      greet(worker);
    },
    stop: () => {
      worker?.terminate();
      session.value = { ...session.value, stage: 'elsewhere' };
    },
  });
}

function greet(place: MessagePort | Worker): void {
  port = place;
  post({ type: 'hello', build: __BUILD__, origin: location.origin, language: navigator.language, hidden: document.hidden });
  for (const message of early) post(message);
  early = [];
  document.addEventListener('visibilitychange', () => post({ type: 'visible', isVisible: !document.hidden }));
  addEventListener('pagehide', () => post({ type: 'bye' }));
  // The worker has forgotten a page that the browser had put away.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}

/** Asks the worker. @throws RefusedError */
export function ask<Name extends QuestionName>(name: Name, say: Said<Name>): Promise<Got<Name>> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve, reject });
    post({ type: 'ask', id, name, say });
  });
}

/** Opens a view. What it shows arrives in its signal. */
export function openView<Name extends ViewName>(name: Name, say: Views[Name]['say']): OpenView<Name> {
  const id = ++lastId;
  const state = signal<Partial<Views[Name]['see']>>({});
  views.set(id, { name, state });
  post({ type: 'open', view: id, name, say });
  return {
    id,
    state,
    close: () => {
      views.delete(id);
      post({ type: 'close', view: id });
    },
  };
}

function receive(message: ToPage): void {
  switch (message.type) {
    case 'reload':
      location.reload();
      return;
    case 'end':
      forgetEverything();
      // The address names somebody whom the next account does not know.
      history.replaceState(null, '', '#/');
      location.reload();
      return;
    case 'answer': {
      const waiting = asked.get(message.id);
      asked.delete(message.id);
      if (message.refusal) waiting?.reject(new RefusedError(message.refusal));
      else waiting?.resolve(message.get as never);
      return;
    }
    case 'alert':
      tellAlert(message.peer, message.snippet);
      return;
    case 'refused':
      tellRefused(message.kind, message.refusal);
      return;
    case 'signal':
      tellSignal(message.call, message.data);
      return;
    case 'ring':
      tellRing(message.call);
      return;
    case 'progress':
      progressSignal(message.file).value = message.total === 0 ? 0 : message.loaded / message.total;
      return;
    case 'patches':
      for (const peer of message.peers ?? []) peerSignal(peer.id).value = peer;
      if (message.session) session.value = message.session;
      for (const { view, patch } of message.views ?? []) applyPatch(view, patch as object);
  }
}

function applyPatch(view: number, patch: object): void {
  const open = views.get(view);
  if (!open) return;
  switch (open.name) {
    case 'chats':
    case 'topics': {
      const { items, ...rest } = patch as ViewPatches['chats' | 'topics'];
      const before = open.state.value as Partial<Views['chats' | 'topics']['see']>;
      open.state.value = { ...before, ...rest, ...(items ? { items: { ...before.items, ...items } } : {}) };
      return;
    }
    case 'history':
      open.state.value = applyHistory(open.state.value, patch);
      return;
    default:
      open.state.value = { ...open.state.value, ...patch };
  }
}

/**
 * Messages by id; those on their way last, in the order in which they were written. If they are of two chats, one is the basic group that the other, a
 * supergroup, was before: its id is the larger one, and its messages are the older ones.
 */
const compareMessages = (first: Message, second: Message): number =>
  second.peer - first.peer || (first.id || Infinity) - (second.id || Infinity) || first.date - second.date;

/** Applies a change of a history. Pure. */
export function applyHistory(before: Partial<Views['history']['see']>, { messages, removed, ...rest }: HistoryPatch): Partial<Views['history']['see']> {
  if (!messages && !removed) return { ...before, ...rest };
  const byKey = new Map(before.messages?.map((message) => [message.key, message]));
  for (const key of removed ?? []) byKey.delete(key);
  for (const message of messages ?? []) byKey.set(message.key, message);
  return { ...before, ...rest, messages: [...byKey.values()].sort(compareMessages) };
}
