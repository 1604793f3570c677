import { AccountState, applyCall, askReactions, findChannel, isOwnCall, loadAccount, type RandomAction, type ServerInfo } from '@aerogram/dev-env';
import { RawAccount, type SignUp } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';

/** Outcome of a call: its answer, an error by name, or unknown. */
export type CallOutcome = { answer: unknown } | { refused: string } | 'unknown';

const DIARY_LINES = 80;

/** One device on a raw client, which can disconnect at any time, and the strict state of its account. */
export class SyncDevice {
  readonly account: RawAccount;
  state: AccountState;
  isOnline = true;
  readonly #waiters = new Set<() => void>();
  #isReadingChannels = false;
  /** Its latest actions and updates, as text. */
  readonly #diary: string[] = [];
  /** Pushes that came while a difference was being fetched. */
  #early: tl.Updates[] | undefined;

  constructor(account: RawAccount) {
    this.account = account;
    this.state = new AccountState(account.userId);
    account.onUpdates = (updates) => {
      this.#note('push', updates);
      if (this.#early !== undefined) this.#early.push(updates);
      else this.state.applyUpdates(updates, 'push');
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
      if (outcome !== 'unknown' && 'answer' in outcome && isOwnCall(action.request._)) applyCall(this.state, action.request, outcome.answer);
      this.#wake();
      if (outcome === 'unknown' || !('answer' in outcome) || action.isDone?.(outcome.answer) !== false) return outcome;
    }
  }

  goOffline(): void {
    this.#note('offline', this.account.userId);
    this.isOnline = false;
    this.account.disconnect();
    // The next session begins where its difference ends.
    this.state.forgetPushes();
  }

  /** Reconnects and fetches what was missed, as every client does. */
  async goOnline(server: ServerInfo): Promise<void> {
    this.#early = [];
    await this.account.connect(server);
    this.isOnline = true;
    await this.catchUp(this.state);
  }

  /**
   * Applies getDifference until there is no more. What is pushed meanwhile waits, because the server pushes again whatever is beyond the difference.
   * @returns the number of slices
   */
  async catchUp(state: AccountState): Promise<number> {
    this.#early ??= [];
    try {
      return await this.#readDifferences(state);
    } finally {
      for (const updates of this.#early ?? []) {
        // Each may be the first of those that are pushed again.
        this.state.forgetPushes();
        this.state.applyUpdates(updates, 'push');
      }
      this.#early = undefined;
      this.state.forgetPushes();
      this.#wake();
    }
  }

  async #readDifferences(state: AccountState): Promise<number> {
    for (let slices = 1; ; slices++) {
      const difference = await this.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts: state.pts, date: state.date, qts: 0 });
      this.#note(`difference${state === this.state ? '' : ' of an older state'} since ${state.pts}, ${state.date}`, difference);
      if (state.applyDifference(difference)) continue;
      await this.#readChannels(state);
      return slices;
    }
  }

  /** Reads the channels that pushes or answers have named, until there is none. Another reading may be under way. */
  #followChannels(): void {
    if (this.#isReadingChannels || this.state.channels.behind.size === 0 || !this.isOnline) return;
    this.#isReadingChannels = true;
    this.#readChannels(this.state)
      // Without a connection the channels stay behind until the device is online again.
      .catch(() => {})
      .finally(() => {
        this.#isReadingChannels = false;
        this.#wake();
      });
  }

  /** Asks for the differences of the channels that a state lacks something of. */
  async #readChannels(state: AccountState): Promise<void> {
    for (const id of state.channels.behind) {
      const channel = findChannel(state, id);
      if (channel === undefined) {
        state.channels.forget(id);
        continue;
      }
      try {
        const isNew = state.channels.find(id) === undefined;
        for (let more = true; more; ) {
          const pts = state.channels.find(id)?.line.pts ?? 1;
          const difference = await this.account.call<'updates.getChannelDifference'>({
            _: 'updates.getChannelDifference', channel: channel.input, filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100,
          });
          if (state === this.state) this.#note(`difference of channel ${id} since ${pts}`, difference);
          more = state.applyChannelDifference(id, difference, pts);
        }
        if (isNew) await this.#readMarks(state, id, channel.peer);
        state.channels.behind.delete(id);
      } catch (error) {
        if (!(error instanceof RawClientError)) throw error;
        // Clients leave a channel that they may not read any more.
        state.channels.forget(id);
      }
    }
  }

  /** How far a new channel is read, and how long its messages last, stands in its dialog only. */
  async #readMarks(state: AccountState, id: number, peer: tl.InputPeer): Promise<void> {
    const { dialogs } = await this.account.call<'messages.getPeerDialogs'>({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
    const [dialog] = dialogs;
    if (dialog?._ !== 'dialog') return;
    state.channels.read('readInbox', id, dialog.read_inbox_max_id);
    state.cells.set(`ttl ${id}`, dialog.ttl_period);
  }

  /**
   * The account as it is now, read as by a device that knows nothing.
   * @param peers further people whose chats are read
   */
  load(peers: readonly tl.InputPeer[]): Promise<AccountState> {
    return loadAccount({
      self: this.state.self,
      call: (request) => this.account.call(request),
      refusalOf: (error) => (error instanceof RawClientError ? error.message : undefined),
    }, peers);
  }

  /** Asks for reactions in groups and channels, because pushes of them may be lost. */
  askReactions(state: AccountState, fresh: AccountState): Promise<void> {
    return askReactions(state, fresh, { call: (request) => this.account.call<'messages.getMessagesReactions'>(request) });
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

  #note(what: string, about: unknown): void {
    const text = JSON.stringify(about, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    this.#diary.push(`${what}: ${text.slice(0, 400)}`);
    if (this.#diary.length > DIARY_LINES) this.#diary.shift();
  }

  #wake(): void {
    this.#followChannels();
    for (const check of this.#waiters) check();
  }
}
