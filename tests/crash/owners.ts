import { setTimeout as delay } from 'node:timers/promises';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { channelsIn, findChannels, inputUser, readMembers } from './channel-input.ts';

const TITLE = 'Owners';
/** How long a job may take to make somebody the owner. */
const HAND_OVER_MS = 30_000;
const POLL_MS = 20;

/**
 * A supergroup whose owner leaves, so that the other admin becomes the owner, and is invited again, without end. The server does not wait for
 * owners to come back (`AEROGRAM_OWNER_RETURN_DAYS=0`).
 */
export class Owners {
  /** The two who take turns. */
  readonly #pair: readonly RawAccount[];
  /** Somebody who always stays. */
  readonly #witness: RawAccount;
  readonly #inputs: ReadonlyMap<RawAccount, tl.inputChannel>;
  /** How often the owner has changed. */
  count = 0;

  private constructor(accounts: readonly RawAccount[], inputs: ReadonlyMap<RawAccount, tl.inputChannel>) {
    this.#pair = accounts.slice(0, 2);
    this.#witness = accounts[2]!;
    this.#inputs = inputs;
  }

  static async create(accounts: readonly RawAccount[]): Promise<Owners> {
    const [first, second, witness] = accounts as readonly [RawAccount, RawAccount, RawAccount];
    const [channel] = channelsIn(await first.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: TITLE, about: '' }));
    const users = [second, witness].map((account) => inputUser(first, account));
    await first.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users });
    const inputs = await Promise.all([first, second, witness].map(async (account) => [account, (await findChannels(account, TITLE))[0]!] as const));
    return new Owners(accounts, new Map(inputs));
  }

  /** One round: both are in and the other one is an admin; then the owner leaves. May begin in any state. */
  async change(): Promise<void> {
    const owner = await this.#waitForOwner();
    const other = this.#pair.find((account) => account !== owner)!;
    const channel = this.#inputs.get(owner)!;
    const user_id = inputUser(owner, other);
    const { ids } = await readMembers(owner, channel);
    if (!ids.includes(other.userId)) await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel, users: [user_id] });
    const admin_rights: tl.chatAdminRights = { _: 'chatAdminRights', invite_users: true };
    await owner.call<'channels.editAdmin'>({ _: 'channels.editAdmin', channel, user_id, admin_rights, rank: '' });
    await owner.call<'channels.leaveChannel'>({ _: 'channels.leaveChannel', channel });
    this.count++;
  }

  /** Checks after a crash that there is an owner, at the latest soon, and that the witness is there. @throws if not */
  async check(): Promise<void> {
    await this.#waitForOwner();
    const { ids, count } = await readMembers(this.#witness, this.#inputs.get(this.#witness)!);
    if (!ids.includes(this.#witness.userId) || count !== ids.length) throw new Error(`the supergroup of owners counts ${count} members and has ${ids.length}`);
  }

  async #waitForOwner(): Promise<RawAccount> {
    for (const deadline = performance.now() + HAND_OVER_MS; ; await delay(POLL_MS)) {
      const { ownerId } = await readMembers(this.#witness, this.#inputs.get(this.#witness)!);
      const owner = this.#pair.find((account) => account.userId === ownerId);
      if (owner !== undefined) return owner;
      if (performance.now() > deadline) throw new Error('the supergroup has no owner, although it has an admin');
    }
  }
}
