import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { inputUser } from './channel-input.ts';

/** A basic group in which people write while one of them is removed and added again, without end. */
export class GroupMembers {
  /** Those who stay: all of them must have each message. */
  readonly staying: readonly RawAccount[];
  readonly peer: tl.InputPeer;
  readonly #chatId: bigint;
  readonly #guest: RawAccount;
  /** Whether the guest is in the group, as the last answer says; undefined if an answer is missing. */
  #isGuestIn: boolean | undefined = true;
  /** Changes of the members that the server acknowledged. */
  #acknowledged = 0;

  private constructor(chatId: bigint, staying: readonly RawAccount[], guest: RawAccount) {
    this.#chatId = chatId;
    this.peer = { _: 'inputPeerChat', chat_id: chatId };
    this.staying = staying;
    this.#guest = guest;
  }

  /** Creates a group of all accounts; the last one is the guest. */
  static async create(accounts: readonly RawAccount[]): Promise<GroupMembers> {
    const owner = accounts[0]!;
    const users = accounts.slice(1).map((account) => inputUser(owner, account));
    const { updates } = await owner.call<'messages.createChat'>({ _: 'messages.createChat', title: 'Survivors', users });
    if (updates._ !== 'updates') throw new Error(`createChat answers ${updates._}`);
    return new GroupMembers(BigInt(updates.chats[0]!.id), accounts.slice(0, -1), accounts.at(-1)!);
  }

  get #owner(): RawAccount {
    return this.staying[0]!;
  }

  /** Removes the guest, or adds them again. */
  async change(): Promise<void> {
    const wasIn = this.#isGuestIn ?? (await this.#readMembers()).isGuestIn;
    this.#isGuestIn = undefined;
    const user_id = inputUser(this.#owner, this.#guest);
    if (wasIn) await this.#owner.call<'messages.deleteChatUser'>({ _: 'messages.deleteChatUser', chat_id: this.#chatId, user_id });
    else await this.#owner.call<'messages.addChatUser'>({ _: 'messages.addChatUser', chat_id: this.#chatId, user_id, fwd_limit: 0 });
    this.#isGuestIn = !wasIn;
    this.#acknowledged++;
  }

  /**
   * Checks the group after a crash: nobody who stays is missing, acknowledged changes hold, and everyone was told of each version in order.
   * @param versions the versions of which each account was told, in order
   * @returns the violations
   */
  async check(versions: ReadonlyMap<RawAccount, readonly number[]>): Promise<string[]> {
    const broken: string[] = [];
    const { ids, isGuestIn, version } = await this.#readMembers();
    for (const account of this.staying) if (!ids.has(account.userId)) broken.push(`${account.name} is no longer in the group`);
    if (this.#isGuestIn !== undefined && this.#isGuestIn !== isGuestIn) broken.push(`the guest ${isGuestIn ? 'is' : 'is not'} in the group, the server had acknowledged the opposite`);
    if (version - 1 < this.#acknowledged) broken.push(`the group has version ${version} after ${this.#acknowledged} acknowledged changes`);
    const wanted = Array.from({ length: version - 1 }, (_, at) => at + 2).join();
    for (const account of this.staying) {
      // The slices of a difference may bring an update without pts again, which clients recognise by its version.
      const told = [...new Set(versions.get(account))].join();
      if (told !== wanted) broken.push(`${account.name} was told of the versions [${told}] of a group that has version ${version}`);
    }
    return broken;
  }

  async #readMembers(): Promise<{ ids: Set<bigint>; isGuestIn: boolean; version: number }> {
    const { full_chat: full } = await this.#owner.call<'messages.getFullChat'>({ _: 'messages.getFullChat', chat_id: this.#chatId });
    if (full._ !== 'chatFull' || full.participants._ !== 'chatParticipants') throw new Error('the creator of the group is not in it');
    const ids = new Set(full.participants.participants.map((member) => BigInt(member.user_id)));
    return { ids, isGuestIn: ids.has(this.#guest.userId), version: full.participants.version };
  }
}
