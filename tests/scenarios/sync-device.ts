import { SyncState, type RandomAction, type ServerInfo } from '@aerogram/dev-env';
import { RawAccount, type SignUp } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';

/** Outcome of a call: its answer, an error by name, or unknown. */
export type CallOutcome = { answer: unknown } | { refused: string } | 'unknown';

const DIARY_LINES = 80;

/** One device on a raw client, which can disconnect at any time, and the strict state of its account. */
export class SyncDevice {
  readonly account: RawAccount;
  state: SyncState;
  isOnline = true;
  readonly #waiters = new Set<() => void>();
  /** Its latest actions and updates, as text. */
  readonly #diary: string[] = [];
  /** Pushes that came while a difference was being fetched. */
  #early: tl.Updates[] | undefined;

  constructor(account: RawAccount) {
    this.account = account;
    this.state = new SyncState(account.userId);
    account.onUpdates = (updates) => {
      this.#note('push', updates);
      if (this.#early !== undefined) this.#early.push(updates);
      else this.state.applyUpdates(updates);
      this.#wake();
    };
  }

  /** Signs up, or logs in on another device. */
  static async logIn(server: ServerInfo, options: SignUp): Promise<SyncDevice> {
    return new SyncDevice(await RawAccount.signUp(server, options));
  }

  /** Its latest actions and updates, for the message of a failing test. */
  get diary(): string {
    return this.#diary.join('\n');
  }

  /** Makes a call; distinguishes a lost connection from an error. */
  async try(request: tl.AnyMethod): Promise<CallOutcome> {
    try {
      return { answer: await this.account.call<keyof tl.RpcMethods>(request) };
    } catch (error) {
      if (error instanceof RawClientError) return { refused: error.message };
      this.isOnline = false;
      return 'unknown';
    }
  }

  /** Performs an action, retries as often as the server asks for it, and applies the answers in order. */
  async act(action: RandomAction): Promise<CallOutcome> {
    for (;;) {
      this.#note('call', action.request);
      const outcome = await this.try(action.request);
      this.#note('outcome', outcome);
      if (outcome !== 'unknown' && 'answer' in outcome) action.apply(this.state, outcome.answer);
      this.#wake();
      if (outcome === 'unknown' || !('answer' in outcome) || action.isDone?.(outcome.answer) !== false) return outcome;
    }
  }

  goOffline(): void {
    this.#note('offline', this.account.userId);
    this.isOnline = false;
    this.account.disconnect();
  }

  /** Reconnects and fetches what was missed, as every client does. */
  async goOnline(server: ServerInfo): Promise<void> {
    this.#early = [];
    await this.account.connect(server);
    this.isOnline = true;
    await this.catchUp(this.state);
    for (const updates of this.#early) this.state.applyUpdates(updates);
    this.#early = undefined;
    this.#wake();
  }

  /** Applies getDifference until there is no more. @returns the number of slices */
  async catchUp(state: SyncState): Promise<number> {
    for (let slices = 1; ; slices++) {
      const difference = await this.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts: state.pts, date: state.date, qts: 0 });
      if (state === this.state) this.#note(`difference since ${state.pts}, ${state.date}`, difference);
      if (!state.applyDifference(difference)) return slices;
    }
  }

  /** The account as it is now, read like a new device. */
  async load(peers: readonly tl.InputPeer[]): Promise<SyncState> {
    const state = new SyncState(this.account.userId);
    const before = await this.account.call<'updates.getState'>({ _: 'updates.getState' });
    state.pts = before.pts;
    state.date = before.date;
    for (const peer of peers) await this.#loadHistory(state, peer);
    const dialogs = await this.account.call<'messages.getPeerDialogs'>({ _: 'messages.getPeerDialogs', peers: peers.map((peer) => ({ _: 'inputDialogPeer', peer })) });
    for (const dialog of dialogs.dialogs) {
      if (dialog._ !== 'dialog' || dialog.peer._ !== 'peerUser') continue;
      state.raise(state.readInbox, dialog.peer.user_id, dialog.read_inbox_max_id);
      state.raise(state.readOutbox, dialog.peer.user_id, dialog.read_outbox_max_id);
      if (dialog.folder_id === 1) state.moveDialog(dialog.peer.user_id, 1);
      state.setTtl(dialog.peer.user_id, dialog.ttl_period ?? 0);
      if (dialog.unread_mark === true) state.markUnread(dialog.peer.user_id, true);
      if (dialog.draft !== undefined) state.putDraft(dialog.peer.user_id, dialog.draft);
    }
    const pinned = await this.account.call<'messages.getPinnedDialogs'>({ _: 'messages.getPinnedDialogs', folder_id: 0 });
    state.pinnedDialogs = pinned.dialogs.flatMap((one) => (one._ === 'dialog' && one.peer._ === 'peerUser' ? [one.peer.user_id] : []));
    const [self] = await this.account.call<'users.getUsers'>({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    if (self?._ === 'user') state.name = self.first_name ?? '';
    return state;
  }

  /** Waits until a condition holds, checked at each update. @returns whether it did in time */
  async waitUntil(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (holds()) return true;
    return new Promise((resolve) => {
      const finish = (held: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve(held);
      };
      const check = (): void => {
        if (holds()) finish(true);
      };
      const timer = setTimeout(() => finish(holds()), timeoutMs);
      this.#waiters.add(check);
    });
  }

  async #loadHistory(state: SyncState, peer: tl.InputPeer): Promise<void> {
    const limit = 100;
    for (let offset_id = 0; ;) {
      const page = await this.account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, offset_id, offset_date: 0, add_offset: 0, limit, max_id: 0, min_id: 0, hash: 0n });
      if (page._ === 'messages.messagesNotModified') throw new Error('messagesNotModified answers hash 0');
      for (const message of page.messages) state.load(message);
      const last = page.messages.at(-1);
      if (last === undefined || page.messages.length < limit) return;
      offset_id = last.id;
    }
  }

  #note(what: string, about: unknown): void {
    const text = JSON.stringify(about, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    this.#diary.push(`${what}: ${text.slice(0, 400)}`);
    if (this.#diary.length > DIARY_LINES) this.#diary.shift();
  }

  #wake(): void {
    for (const check of this.#waiters) check();
  }
}
