import type { RawAccount } from '@aerogram/dev-env/load';
import { channelsIn, findChannels, inputUser, readMembers } from './channel-input.ts';

/** A basic group that was to become a supergroup. */
interface Migration {
  chatId: bigint;
  title: string;
  /** The supergroup, once the server has acknowledged it. */
  channelId: bigint | undefined;
}

/** Groups of all accounts that become supergroups, one after the other. */
export class Migrations {
  readonly #accounts: readonly RawAccount[];
  #unchecked: Migration[] = [];
  #created = 0;

  constructor(accounts: readonly RawAccount[]) {
    this.#accounts = accounts;
  }

  /** How many groups were created. */
  get count(): number {
    return this.#created;
  }

  get #owner(): RawAccount {
    return this.#accounts[0]!;
  }

  /** Creates a group and makes a supergroup of it. */
  async change(): Promise<void> {
    const title = `Moving ${++this.#created}`;
    const users = this.#accounts.slice(1).map((account) => inputUser(this.#owner, account));
    const { updates } = await this.#owner.call<'messages.createChat'>({ _: 'messages.createChat', title, users });
    if (updates._ !== 'updates') throw new Error(`createChat answers ${updates._}`);
    const migration: Migration = { chatId: BigInt(updates.chats[0]!.id), title, channelId: undefined };
    this.#unchecked.push(migration);
    migration.channelId = await this.#migrate(migration);
  }

  async #migrate({ chatId: chat_id }: Migration): Promise<bigint> {
    const [channel] = channelsIn(await this.#owner.call<'messages.migrateChat'>({ _: 'messages.migrateChat', chat_id }));
    return channel!.channel_id;
  }

  /**
   * Checks after a crash that each group since the last check can become one supergroup only, that this is the acknowledged one, and that all
   * members are in it and see it once.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const broken: string[] = [];
    for (const migration of this.#unchecked) {
      const channelId = await this.#migrate(migration);
      if (migration.channelId !== undefined && migration.channelId !== channelId) broken.push(`"${migration.title}" became ${channelId}, the server had acknowledged ${migration.channelId}`);
      for (const account of this.#accounts) {
        const found = await findChannels(account, migration.title);
        if (found.length !== 1 || found[0]!.channel_id !== channelId) broken.push(`${account.name} sees "${migration.title}" as [${found.map((one) => one.channel_id).join()}], not as ${channelId}`);
      }
      const [input] = await findChannels(this.#owner, migration.title);
      const { ids, ownerId, count } = await readMembers(this.#owner, input!);
      if (ids.length !== this.#accounts.length || count !== ids.length || ownerId !== this.#owner.userId) broken.push(`"${migration.title}" has ${ids.length} members, counts ${count}, and is of ${ownerId}`);
    }
    this.#unchecked = [];
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken in groups that became supergroups:\n${broken.slice(0, 20).join('\n')}`);
  }
}
