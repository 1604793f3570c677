import type { InviteLink, InvitesView as Shown, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { readInvite } from '../models/invite.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

const PAGE = 50;
/** Links that are listed at most. */
const ROWS_MAX = 400;

/** Invite links of an admin to a group or channel, as many as were scrolled to. */
export class InvitesView implements View<'invites'> {
  readonly #account: Account;
  readonly #isRevoked: boolean;
  readonly #admin: PeerId;
  readonly peer: PeerId;
  readonly #values = new Values<Shown>();
  #invites: InviteLink[] = [];
  #last: { offsetDate: number; offsetLink: string } | undefined;
  #hasMore = false;
  #loading: Promise<void> | undefined;

  constructor({ account, say }: { account: Account; say: Said<'invites'> }) {
    this.#account = account;
    this.peer = say.peer;
    this.#isRevoked = say.isRevoked;
    this.#admin = say.admin ?? account.me;
  }

  start(): Promise<void> {
    return this.#load(true);
  }

  async more(): Promise<void> {
    if (this.#hasMore) await this.#load(false);
  }

  /** Loads the first page, or the next one. Calls meanwhile share it. */
  async #load(isAnew: boolean): Promise<void> {
    this.#loading ??= this.#loadPage(isAnew).finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #loadPage(isAnew: boolean): Promise<void> {
    const offset = isAnew ? {} : this.#last;
    const { count, invites } = await this.#account.call({
      _: 'messages.getExportedChatInvites',
      revoked: this.#isRevoked,
      peer: await this.#account.inputPeer(this.peer),
      adminId: await this.#account.inputUser(this.#admin),
      ...offset,
      limit: PAGE,
    });
    const last = invites.at(-1);
    this.#last = last?._ === 'chatInviteExported' ? { offsetDate: last.date, offsetLink: last.link } : undefined;
    this.#invites = [...(isAnew ? [] : this.#invites), ...invites.flatMap((invite) => readInvite(invite) ?? [])];
    this.#hasMore = invites.length > 0 && this.#invites.length < Math.min(count, ROWS_MAX);
    this.#values.set({ invites: this.#invites, count, hasMore: this.#hasMore });
  }

  notice(changes: Changes): void {
    if (!changes.details.has(this.peer)) return;
    void this.#load(true).then(
      () => this.#account.store.noteGathered(),
      () => undefined,
    );
  }

  takePatch(): ViewPatches['invites'] | undefined {
    return this.#values.take();
  }

  *peersOf({ invites }: ViewPatches['invites']): Iterable<PeerId> {
    for (const { by } of invites ?? []) yield by;
  }

  close(): void {}
}
