import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn, findChannels, inputUser, readMembers } from './channel-input.ts';

/** A message posted during the load, as its author knows it. */
interface Post {
  from: RawAccount;
  text: string;
  randomId: bigint;
  /** Its id, once the server has acknowledged it. */
  ackedId: number | undefined;
}

const TITLE = 'Posts';

/** A supergroup in which people post while one of them is removed and invited again, without end. */
export class ChannelPosts {
  /** Those who stay. */
  readonly staying: readonly RawAccount[];
  readonly #inputs: ReadonlyMap<RawAccount, tl.inputChannel>;
  readonly #guest: RawAccount;
  readonly #posts: Post[] = [];
  /** Whether the guest is in, as the last answer says; undefined if an answer is missing. */
  #isGuestIn: boolean | undefined = true;

  private constructor(inputs: ReadonlyMap<RawAccount, tl.inputChannel>, accounts: readonly RawAccount[]) {
    this.#inputs = inputs;
    this.staying = accounts.slice(0, -1);
    this.#guest = accounts.at(-1)!;
  }

  /** Creates a supergroup of all accounts; the last one is the guest. */
  static async create(accounts: readonly RawAccount[]): Promise<ChannelPosts> {
    const owner = accounts[0]!;
    const [channel] = channelsIn(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: TITLE, about: '' }));
    const users = accounts.slice(1).map((account) => inputUser(owner, account));
    await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users });
    const inputs = await Promise.all(accounts.map(async (account) => [account, (await findChannels(account, TITLE))[0]!] as const));
    return new ChannelPosts(new Map(inputs), accounts);
  }

  get #owner(): RawAccount {
    return this.staying[0]!;
  }

  /** Posts one message. */
  async post(from: RawAccount, text: string, random: Random): Promise<void> {
    const post: Post = { from, text, randomId: random.int63(), ackedId: undefined };
    this.#posts.push(post);
    await this.#send(post);
  }

  async #send(post: Post): Promise<void> {
    post.ackedId = (await post.from.sendTo({ ...this.#inputs.get(post.from)!, _: 'inputPeerChannel' }, post.text, post.randomId)).id;
  }

  /** Posts again what was not acknowledged. */
  async repeatOpen(): Promise<void> {
    for (const post of this.#posts) if (post.ackedId === undefined) await this.#send(post);
  }

  /** Removes the guest, or invites them again. */
  async change(): Promise<void> {
    const channel = this.#inputs.get(this.#owner)!;
    const wasIn = this.#isGuestIn ?? (await readMembers(this.#owner, channel)).ids.includes(this.#guest.userId);
    this.#isGuestIn = undefined;
    const guest = inputUser(this.#owner, this.#guest);
    if (wasIn) {
      const participant = this.#owner.inputPeer(this.#guest);
      const banned_rights: tl.chatBannedRights = { _: 'chatBannedRights', view_messages: true, until_date: 0 };
      await this.#owner.call<'channels.editBanned'>({ _: 'channels.editBanned', channel, participant, banned_rights });
    } else {
      await this.#owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel, users: [guest] });
    }
    this.#isGuestIn = !wasIn;
  }

  /**
   * Checks the supergroup after a crash: acknowledged posts are there once, under the acknowledged id, others once or not at all; pts counts as many
   * events as there are; nobody who stays is missing, and acknowledged changes of members hold.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const broken: string[] = [];
    const ids = await this.#readPosts(broken);
    for (const { text, ackedId } of this.#posts) {
      const found = ids.get(text) ?? [];
      if (ackedId === undefined ? found.length > 1 : found.length !== 1 || found[0] !== ackedId) broken.push(`post "${text}", acknowledged as ${ackedId}, has the ids [${found.join()}]`);
    }
    const known = new Set(this.#posts.map(({ text }) => text));
    for (const text of ids.keys()) if (!known.has(text)) broken.push(`nobody posted "${text}"`);
    const members = await readMembers(this.#owner, this.#inputs.get(this.#owner)!);
    for (const account of this.staying) if (!members.ids.includes(account.userId)) broken.push(`${account.name} is no longer in the supergroup`);
    const isGuestIn = members.ids.includes(this.#guest.userId);
    if (this.#isGuestIn !== undefined && this.#isGuestIn !== isGuestIn) broken.push(`the guest ${isGuestIn ? 'is' : 'is not'} in the supergroup, the server had acknowledged the opposite`);
    if (members.count !== this.staying.length + (isGuestIn ? 1 : 0)) broken.push(`the supergroup counts ${members.count} members`);
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken in a supergroup:\n${broken.slice(0, 20).join('\n')}`);
  }

  /** Reads the whole supergroup by differences. @returns the ids of the messages with each text */
  async #readPosts(broken: string[]): Promise<Map<string, number[]>> {
    const reader = this.staying[1]!;
    const ids = new Map<string, number[]>();
    let [pts, steps] = [1, 0];
    for (let isFinal = false; !isFinal; ) {
      const request = { channel: this.#inputs.get(reader)!, filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100_000 } as const;
      const answer = await reader.call<'updates.getChannelDifference'>({ _: 'updates.getChannelDifference', ...request });
      if (answer._ === 'updates.channelDifferenceTooLong') throw new Error('channelDifferenceTooLong for a client that wants all events');
      if (answer._ === 'updates.channelDifferenceEmpty') break;
      for (const message of answer.new_messages) {
        steps++;
        if (message._ === 'message') ids.set(message.message, [...(ids.get(message.message) ?? []), message.id]);
      }
      for (const update of answer.other_updates) if ('pts_count' in update) steps += Number(update.pts_count);
      pts = answer.pts;
      isFinal = answer.final === true;
    }
    if (pts - 1 !== steps) broken.push(`pts of the supergroup is ${pts}, but it accounts for ${steps} steps after 1`);
    return ids;
  }
}
