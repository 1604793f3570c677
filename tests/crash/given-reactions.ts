import type { Ledger, RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn, findChannels, inputUser } from './channel-input.ts';

const TITLE = 'Reactions';
const TEXTS = ['one', 'two', 'three'];
const EMOJI = ['👍', '🔥', '👎', '❤'];
/** Maximum number of reactions that an account gives to one message. */
const GIVEN_MAX = 3;
/** Less than there are, so that the list is read in pages. */
const PAGE = 4;

/** What somebody has given to a message: what the server has acknowledged, and what it was asked for besides, if an answer is missing. */
interface Given {
  acked: string;
  open: string | undefined;
}

/** A message as an account names it. */
interface Post {
  peer: tl.InputPeer;
  id: number;
  /** The same for all accounts. */
  name: string;
}

/** Messages of a supergroup and of a basic group to which several people react, and change their minds, without end. */
export class GivenReactions {
  readonly #accounts: readonly RawAccount[];
  readonly #posts: ReadonlyMap<RawAccount, readonly Post[]>;
  readonly #given = new Map<string, Given>();

  private constructor(accounts: readonly RawAccount[], posts: ReadonlyMap<RawAccount, readonly Post[]>) {
    this.#accounts = accounts;
    this.#posts = posts;
  }

  /** Creates both groups of these accounts. @param means.ledger gets the messages that are in the boxes of the accounts */
  static async create(accounts: readonly RawAccount[], { random, ledger }: { random: Random; ledger: Ledger }): Promise<GivenReactions> {
    const owner = accounts[0]!;
    const users = accounts.slice(1).map((account) => inputUser(owner, account));
    const [channel] = channelsIn(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: TITLE, about: '' }));
    await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users });
    const { updates } = await owner.call<'messages.createChat'>({ _: 'messages.createChat', title: TITLE, users });
    if (updates._ !== 'updates') throw new Error(`createChat answers ${updates._}`);
    const group: tl.inputPeerChat = { _: 'inputPeerChat', chat_id: updates.chats[0]!.id };
    const peersOf = async (account: RawAccount): Promise<tl.InputPeer[]> => [{ ...(await findChannels(account, TITLE))[0]!, _: 'inputPeerChannel' }, group];
    for (const peer of await peersOf(owner)) {
      for (const text of TEXTS) {
        const randomId = random.int63();
        const { id: ackedId } = await owner.sendTo(peer, text, randomId);
        if (peer === group) ledger.add({ from: owner, peer, receivers: accounts.slice(1), text, randomId, ackedId });
      }
    }
    const posts = await Promise.all(accounts.map(async (account) => [account, (await Promise.all((await peersOf(account)).map((peer) => findPosts(account, peer)))).flat()] as const));
    return new GivenReactions(accounts, new Map(posts));
  }

  /** One account gives other reactions to a message, or takes all back. */
  async change(at: number, random: Random): Promise<void> {
    const account = this.#accounts[at]!;
    const posts = this.#posts.get(account)!;
    const { peer, id, name } = posts[random.uint31() % posts.length]!;
    const wanted = EMOJI.filter(() => random.uint31() % 2 === 0).slice(0, GIVEN_MAX);
    const given = this.#givenBy(account, name);
    given.open = wanted.toSorted().join('');
    const reaction = wanted.map((emoticon): tl.reactionEmoji => ({ _: 'reactionEmoji', emoticon }));
    await account.call<'messages.sendReaction'>({ _: 'messages.sendReaction', peer, msg_id: id, reaction, add_to_recent: true });
    Object.assign(given, { acked: given.open, open: undefined });
  }

  #givenBy(account: RawAccount, name: string): Given {
    const key = `${account.userId} ${name}`;
    const known = this.#given.get(key) ?? { acked: '', open: undefined };
    this.#given.set(key, known);
    return known;
  }

  /**
   * Checks all messages after a crash: everybody has given what was acknowledged, or what was asked for last, and the totals equal a recount.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const broken: string[] = [];
    const reader = this.#accounts[1]!;
    for (const { peer, id, name } of this.#posts.get(reader)!) {
      const listed = await listGiven(reader, peer, id);
      const answer = await reader.call<'messages.getMessagesReactions'>({ _: 'messages.getMessagesReactions', peer, id: [id] });
      const update = answer._ === 'updates' ? answer.updates[0] : undefined;
      const totals = update?._ === 'updateMessageReactions' ? update.reactions.results.map((one) => `${textOf(one.reaction)}${one.count}`).toSorted().join() : undefined;
      const counts = new Map<string, number>();
      for (const { reaction } of listed) counts.set(textOf(reaction), (counts.get(textOf(reaction)) ?? 0) + 1);
      const recount = [...counts].map(([emoticon, count]) => `${emoticon}${count}`).toSorted().join();
      if (totals !== recount) broken.push(`${name} has the totals ${totals}, a recount says ${recount}`);
      for (const account of this.#accounts) {
        const given = this.#givenBy(account, name);
        const found = listed.filter(({ peer_id: by }) => by._ === 'peerUser' && BigInt(by.user_id) === account.userId).map(({ reaction }) => textOf(reaction)).toSorted().join('');
        if (found !== given.acked && found !== given.open) broken.push(`${account.name} has given "${found}" to ${name}, not "${given.acked}" or "${given.open}"`);
        Object.assign(given, { acked: found, open: undefined });
      }
    }
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken by reactions:\n${broken.slice(0, 20).join('\n')}`);
  }
}

async function findPosts(account: RawAccount, peer: tl.InputPeer): Promise<Post[]> {
  const history = await account.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n });
  if (history._ === 'messages.messagesNotModified') throw new Error('hash 0 was answered as unchanged');
  return history.messages.flatMap((message) => (message._ === 'message' && TEXTS.includes(message.message) ? [{ peer, id: message.id, name: `${peer._} "${message.message}"` }] : []));
}

async function listGiven(account: RawAccount, peer: tl.InputPeer, id: number): Promise<tl.messagePeerReaction[]> {
  const all: tl.messagePeerReaction[] = [];
  for (let offset: string | undefined, isFirst = true; isFirst || offset !== undefined; isFirst = false) {
    const page: tl.messages.messageReactionsList = await account.call<'messages.getMessageReactionsList'>({ _: 'messages.getMessageReactionsList', peer, id, offset, limit: PAGE });
    all.push(...page.reactions);
    offset = page.next_offset;
  }
  return all;
}

function textOf(reaction: tl.Reaction): string {
  return reaction._ === 'reactionEmoji' ? reaction.emoticon : reaction._;
}
