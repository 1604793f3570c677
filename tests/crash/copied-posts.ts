import { setTimeout as delay } from 'node:timers/promises';
import type { RawAccount } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn, findChannels, inputUser } from './channel-input.ts';

/** A post or a comment, as its author knows it. */
interface Written {
  text: string;
  randomId: bigint;
  /** The copy of the post that it comments on; undefined for a post. */
  root: number | undefined;
  /** Its id, once the server has acknowledged it. */
  ackedId: number | undefined;
}

const TITLE = 'Copied';
const GROUP_TITLE = 'Copies';
/** The copies of what was acknowledged before a crash, and what a post shows of its comments, come a moment later. */
const PATIENCE_MS = 20_000;
const ASK_MS = 50;

/** A broadcast channel and its discussion group: one person posts, another one comments on the newest post. */
export class CopiedPosts {
  readonly #owner: RawAccount;
  readonly #reader: RawAccount;
  readonly #channel: tl.inputChannel;
  readonly #group: tl.inputChannel;
  /** The channel and the group as the reader names them. */
  readonly #read: { channel: tl.inputChannel; group: tl.inputChannel };
  readonly #posts: Written[] = [];
  readonly #comments: Written[] = [];

  private constructor(people: { owner: RawAccount; reader: RawAccount }, own: { channel: tl.inputChannel; group: tl.inputChannel }, read: { channel: tl.inputChannel; group: tl.inputChannel }) {
    this.#owner = people.owner;
    this.#reader = people.reader;
    this.#channel = own.channel;
    this.#group = own.group;
    this.#read = read;
  }

  /** Creates the channel and the group of two accounts, and links them. */
  static async create(owner: RawAccount, reader: RawAccount): Promise<CopiedPosts> {
    const create = async (kind: 'broadcast' | 'megagroup', title: string): Promise<tl.inputChannel> => {
      const [channel] = channelsIn(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', [kind]: true, title, about: '' }));
      await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users: [inputUser(owner, reader)] });
      return channel!;
    };
    const own = { channel: await create('broadcast', TITLE), group: await create('megagroup', GROUP_TITLE) };
    await owner.call<'channels.setDiscussionGroup'>({ _: 'channels.setDiscussionGroup', broadcast: own.channel, group: own.group });
    const read = { channel: (await findChannels(reader, TITLE))[0]!, group: (await findChannels(reader, GROUP_TITLE))[0]! };
    return new CopiedPosts({ owner, reader }, own, read);
  }

  /** Posts one message in the channel. */
  async post(text: string, random: Random): Promise<void> {
    const post: Written = { text, randomId: random.int63(), root: undefined, ackedId: undefined };
    this.#posts.push(post);
    await this.#send(post);
  }

  /** Comments on the newest post that was acknowledged, if the group has its copy already. */
  async comment(text: string, random: Random): Promise<void> {
    const newest = this.#posts.findLast(({ ackedId }) => ackedId !== undefined);
    const root = newest && (await this.#findRoot(newest.ackedId!));
    if (root === undefined) {
      await delay(ASK_MS);
      return;
    }
    const comment: Written = { text, randomId: random.int63(), root, ackedId: undefined };
    this.#comments.push(comment);
    await this.#send(comment);
  }

  /** Sends again what was not acknowledged. */
  async repeatOpen(): Promise<void> {
    for (const one of [...this.#posts, ...this.#comments]) if (one.ackedId === undefined) await this.#send(one);
  }

  /**
   * Checks both after a crash: each acknowledged post has one copy, no post has two, acknowledged comments are in the group once, and the numbers of comments of
   * the thread and of the post equal a count of the messages.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const acked = this.#posts.filter(({ ackedId }) => ackedId !== undefined);
    for (const { ackedId } of acked.slice(-1)) await this.#until(`post ${ackedId} has a copy`, async () => (await this.#findRoot(ackedId!)) !== undefined);
    const messages = await this.#readGroup();
    const broken: string[] = [];
    for (const { text, ackedId } of this.#posts) {
      const copies = messages.filter((message) => message.fwd_from?.channel_post !== undefined && message.message === text);
      if (copies.length > 1 || (ackedId !== undefined && copies[0]?.fwd_from?.channel_post !== ackedId)) broken.push(`post "${text}", acknowledged as ${ackedId}, has ${copies.length} copies`);
    }
    for (const { text, ackedId } of this.#comments) {
      const found = messages.filter(({ message }) => message === text).map(({ id }) => id);
      if (ackedId === undefined ? found.length > 1 : found.join() !== String(ackedId)) broken.push(`comment "${text}", acknowledged as ${ackedId}, has the ids [${found.join()}]`);
    }
    for (const root of new Set(this.#comments.map((comment) => comment.root!))) {
      const count = messages.filter(({ reply_to: to }) => to?._ === 'messageReplyHeader' && (to.reply_to_top_id ?? to.reply_to_msg_id) === root).length;
      const thread = await this.#countReplies(root);
      if (thread !== count) broken.push(`the thread of ${root} has ${count} comments and counts ${thread}`);
      const postId = messages.find(({ id }) => id === root)?.fwd_from?.channel_post;
      if (postId !== undefined) await this.#until(`post ${postId} shows ${count} comments`, async () => (await this.#countShown(postId)) === count);
    }
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken in a discussion group:\n${broken.slice(0, 20).join('\n')}`);
  }

  async #send(one: Written): Promise<void> {
    const [from, channel] = one.root === undefined ? [this.#owner, this.#channel] : [this.#reader, this.#read.group];
    const reply_to = one.root === undefined ? undefined : ({ _: 'inputReplyToMessage', reply_to_msg_id: one.root } as const);
    const peer = peerOf(channel);
    const sent = await from.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message: one.text, random_id: one.randomId, ...(reply_to && { reply_to }) });
    const named = sent._ === 'updates' ? sent.updates.find((update) => update._ === 'updateMessageID') : undefined;
    if (named?._ !== 'updateMessageID') throw new Error(`a post is answered by ${sent._}`);
    one.ackedId = named.id;
  }

  /** @returns undefined while the group has no copy of the post */
  async #findRoot(postId: number): Promise<number | undefined> {
    try {
      const { messages } = await this.#reader.call<'messages.getDiscussionMessage'>({ _: 'messages.getDiscussionMessage', peer: peerOf(this.#read.channel), msg_id: postId });
      return messages.at(-1)!.id;
    } catch (error) {
      if (error instanceof RawClientError && error.message === 'MSG_ID_INVALID') return undefined;
      throw error;
    }
  }

  async #readGroup(): Promise<tl.message[]> {
    const messages: tl.message[] = [];
    for (let offset_id = 0; ; ) {
      const page = await this.#owner.call<'messages.getHistory'>({ _: 'messages.getHistory', peer: peerOf(this.#group), offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n });
      const found = 'messages' in page ? page.messages : [];
      messages.push(...found.filter((one): one is tl.message => one._ === 'message'));
      if (found.length === 0) return messages;
      offset_id = found.at(-1)!.id;
    }
  }

  async #countReplies(root: number): Promise<number> {
    const window = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n };
    const page = await this.#owner.call<'messages.getReplies'>({ _: 'messages.getReplies', peer: peerOf(this.#group), msg_id: root, ...window });
    return 'count' in page ? page.count : 0;
  }

  async #countShown(postId: number): Promise<number | undefined> {
    const { views } = await this.#reader.call<'messages.getMessagesViews'>({ _: 'messages.getMessagesViews', peer: peerOf(this.#read.channel), id: [postId], increment: false });
    return views[0]?.replies?.replies;
  }

  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; !(await isSo()); await delay(ASK_MS)) {
      if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    }
  }
}

const peerOf = (channel: tl.inputChannel): tl.inputPeerChannel => ({ ...channel, _: 'inputPeerChannel' });
