import type { RawAccount } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { Deliveries, type SendPace } from './deliveries.ts';
import type { Outcome } from './outcome.ts';

/** A basic group of accounts of the generator. The first one is its creator and the only one who sends. */
export class GroupLoad {
  readonly #creator: RawAccount;
  readonly #others: readonly RawAccount[];
  readonly #chatId: bigint;

  private constructor([creator, ...others]: [RawAccount, ...RawAccount[]], chatId: bigint) {
    this.#creator = creator;
    this.#others = others;
    this.#chatId = chatId;
  }

  /** Creates a group of these accounts. */
  static async create(members: [RawAccount, ...RawAccount[]]): Promise<GroupLoad> {
    const [creator, ...others] = members;
    return new GroupLoad(members, await createGroup(creator, await findMembers(creator, others)));
  }

  /**
   * The creator sends to the group.
   * @param online whether the others are connected. Each of their copies is then awaited; otherwise they are disconnected first.
   */
  async send(ms: number, pace: SendPace, online: boolean): Promise<Outcome> {
    const deliveries = new Deliveries((text) => (online ? this.#others.map((_, n) => copyOf(text, n)) : []));
    for (const [n, other] of this.#others.entries()) {
      if (!online) other.disconnect();
      other.onUpdates = (updates) => {
        for (const text of textsOf(updates)) deliveries.arrived(copyOf(text, n));
      };
    }
    const peer: tl.InputPeer = { _: 'inputPeerChat', chat_id: this.#chatId };
    return deliveries.run(ms, 1, pace, (_sender, message) =>
      this.#creator.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message, random_id: systemRandom.int63() }),
    );
  }
}

/** Creates a basic group of its creator and others. @returns its id */
export async function createGroup(creator: RawAccount, users: tl.InputUser[]): Promise<bigint> {
  const { updates } = await creator.call<'messages.createChat'>({ _: 'messages.createChat', users, title: 'Everybody' });
  const chat = updates._ === 'updates' ? updates.chats[0] : undefined;
  if (chat?._ !== 'chat' || chat.participants_count !== users.length + 1) throw new Error(`the group has ${JSON.stringify(chat)} instead of ${users.length + 1} members`);
  return chat.id;
}

/** Makes people contacts of an account, so that it can add them to groups. */
export async function findMembers(creator: RawAccount, others: readonly RawAccount[]): Promise<tl.InputUser[]> {
  const contacts = others.map((other, n): tl.InputContact => ({ _: 'inputPhoneContact', client_id: BigInt(n), phone: other.phone, first_name: other.name, last_name: '' }));
  const { users } = await creator.call<'contacts.importContacts'>({ _: 'contacts.importContacts', contacts });
  return users.flatMap((user): tl.InputUser[] => (user._ === 'user' && user.access_hash !== undefined ? [{ _: 'inputUser', user_id: user.id, access_hash: user.access_hash }] : []));
}

/** The name under which the copy of one member is awaited. */
export function copyOf(text: string, member: number): string {
  return `${text} ${member}`;
}

function textsOf(updates: tl.Updates): string[] {
  if (updates._ === 'updateShortChatMessage') return [updates.message];
  if (updates._ !== 'updates') return [];
  return updates.updates.flatMap((update) => (update._ === 'updateNewMessage' && update.message._ === 'message' ? [update.message.message] : []));
}
