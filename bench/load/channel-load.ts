import type { RawAccount } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { Deliveries, type SendPace } from './deliveries.ts';
import { copyOf, findMembers } from './group-load.ts';
import type { Outcome } from './outcome.ts';

/** Maximum number of people in one invitation. */
const INVITED_AT_ONCE = 200;

/** Creates a supergroup or broadcast channel, and adds people or bots to it. */
export async function createChannel(creator: RawAccount, kind: 'megagroup' | 'broadcast', users: readonly tl.InputUser[]): Promise<tl.inputPeerChannel> {
  const made = await creator.call<'channels.createChannel'>({ _: 'channels.createChannel', [kind]: true, title: 'Everybody', about: '' });
  const channel = made._ === 'updates' ? made.chats[0] : undefined;
  if (channel?._ !== 'channel' || channel.access_hash === undefined) throw new Error(`createChannel answers ${made._}`);
  const peer: tl.inputPeerChannel = { _: 'inputPeerChannel', channel_id: channel.id, access_hash: channel.access_hash };
  await inviteTo(peer, creator, users);
  return peer;
}

async function inviteTo(peer: tl.inputPeerChannel, creator: RawAccount, users: readonly tl.InputUser[]): Promise<void> {
  for (let from = 0; from < users.length; from += INVITED_AT_ONCE) {
    const { missing_invitees: missing } = await creator.call<'channels.inviteToChannel'>({
      _: 'channels.inviteToChannel',
      channel: { ...peer, _: 'inputChannel' },
      users: users.slice(from, from + INVITED_AT_ONCE),
    });
    if (missing.length > 0) throw new Error(`${missing.length} people could not be invited`);
  }
}

/** A supergroup or broadcast channel of accounts of the generator. The first one is its creator and the only one who posts. */
export class ChannelLoad {
  readonly #creator: RawAccount;
  readonly #others: readonly RawAccount[];
  readonly #peer: tl.inputPeerChannel;

  private constructor([creator, ...others]: [RawAccount, ...RawAccount[]], peer: tl.inputPeerChannel) {
    this.#creator = creator;
    this.#others = others;
    this.#peer = peer;
  }

  /** Creates a channel of these accounts. */
  static async create(members: [RawAccount, ...RawAccount[]], kind: 'megagroup' | 'broadcast'): Promise<ChannelLoad> {
    const [creator, ...others] = members;
    return new ChannelLoad(members, await createChannel(creator, kind, await findMembers(creator, others)));
  }

  /** The creator adds people or bots. */
  async invite(users: readonly tl.InputUser[]): Promise<void> {
    await inviteTo(this.#peer, this.#creator, users);
  }

  /**
   * The creator posts.
   * @param online whether the others are connected. Each push to them is then awaited; otherwise they are disconnected first.
   */
  async send(ms: number, pace: SendPace, online: boolean): Promise<Outcome> {
    const deliveries = new Deliveries((text) => (online ? this.#others.map((_, n) => copyOf(text, n)) : []));
    for (const [n, other] of this.#others.entries()) {
      if (!online) other.disconnect();
      other.onUpdates = (updates) => {
        for (const text of textsOf(updates)) deliveries.arrived(copyOf(text, n));
      };
    }
    return deliveries.run(ms, 1, pace, (_sender, message) =>
      this.#creator.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer: this.#peer, message, random_id: systemRandom.int63() }),
    );
  }
}

function textsOf(updates: tl.Updates): string[] {
  if (updates._ !== 'updates') return [];
  return updates.updates.flatMap((update) => (update._ === 'updateNewChannelMessage' && update.message._ === 'message' ? [update.message.message] : []));
}
