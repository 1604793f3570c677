import { setTimeout as delay } from 'node:timers/promises';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn, findChannels, inputUser } from './channel-input.ts';

const TITLE = 'Votes';
const ANSWERS = ['red', 'green', 'blue', 'white'];
/** How long a job may take to note that there are votes to see. */
const NOTE_MS = 30_000;
const POLL_MS = 20;

/** What one account has chosen: a bit for each answer. */
interface Vote {
  acked: number;
  /** What it wanted when the answer did not come; undefined: nothing is open. */
  open: number | undefined;
}

/** A poll in the supergroup, and the votes in it as the voters know them. */
interface Ballot {
  msgId: number;
  isPublic: boolean;
  votes: Map<RawAccount, Vote>;
}

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** A public and an anonymous poll of a supergroup, in which accounts vote and change their votes without end. The first account makes the polls and reads who voted. */
export class Votes {
  readonly #inputs: ReadonlyMap<RawAccount, tl.inputChannel>;
  readonly #creator: RawAccount;
  readonly #ballots: readonly Ballot[];
  /** How many votes were sent. */
  count = 0;

  private constructor(inputs: ReadonlyMap<RawAccount, tl.inputChannel>, creator: RawAccount, ballots: readonly Ballot[]) {
    this.#inputs = inputs;
    this.#creator = creator;
    this.#ballots = ballots;
  }

  static async create(accounts: readonly RawAccount[], random: Random): Promise<Votes> {
    const creator = accounts[0]!;
    const [channel] = channelsIn(await creator.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: TITLE, about: '' }));
    const users = accounts.slice(1).map((account) => inputUser(creator, account));
    await creator.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users });
    const inputs = await Promise.all(accounts.map(async (account) => [account, (await findChannels(account, TITLE))[0]!] as const));
    const ballots: Ballot[] = [];
    for (const isPublic of [true, false]) {
      const answers = ANSWERS.map((text): tl.inputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
      const poll: tl.poll = { _: 'poll', id: 0n, multiple_choice: true, public_voters: isPublic || undefined, question: words('Which?'), answers, hash: 0n };
      const peer: tl.InputPeer = { ...channel!, _: 'inputPeerChannel' };
      const sent = await creator.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaPoll', poll }, message: '', random_id: random.int63() });
      const id = sent._ === 'updates' ? sent.updates.find((update) => update._ === 'updateMessageID') : undefined;
      ballots.push({ msgId: id!.id, isPublic, votes: new Map(accounts.map((account) => [account, { acked: 0, open: undefined }])) });
    }
    return new Votes(new Map(inputs), creator, ballots);
  }

  /** One vote of an account in one of the polls; sometimes it is taken back. */
  async change(account: RawAccount, random: Random): Promise<void> {
    const ballot = this.#ballots[random.uint31() % this.#ballots.length]!;
    const vote = ballot.votes.get(account)!;
    this.count++;
    vote.open = random.uint31() % 2 ** ANSWERS.length;
    const options = ANSWERS.flatMap((_, at) => ((vote.open! >> at) & 1 ? [Buffer.from(String(at))] : []));
    await account.call<'messages.sendVote'>({ _: 'messages.sendVote', peer: this.#peerOf(account), msg_id: ballot.msgId, options });
    vote.acked = vote.open;
    vote.open = undefined;
  }

  /** Checks after a crash that acknowledged votes stand, that others were counted as a whole or not at all, and that the totals equal a recount. @throws if not */
  async check(): Promise<void> {
    for (const ballot of this.#ballots) {
      const chosen = new Map<RawAccount, number>();
      for (const [account, vote] of ballot.votes) {
        const found = bitsOf((await this.#resultsOf(account, ballot)).results ?? []);
        if (found !== vote.acked && found !== vote.open) throw new Error(`the vote of account ${account.userId} is ${found}, not ${vote.acked} or ${vote.open}`);
        chosen.set(account, found);
        ballot.votes.set(account, { acked: found, open: undefined });
      }
      const shown = await this.#resultsOf(this.#creator, ballot);
      const counted = ANSWERS.map((_, at) => [...chosen.values()].filter((bits) => (bits >> at) & 1).length);
      const voters = [...chosen.values()].filter((bits) => bits !== 0).length;
      const totals = (shown.results ?? []).map((one) => one.voters ?? 0);
      if (String(totals) !== String(counted) || shown.total_voters !== voters) throw new Error(`the totals are ${totals} of ${shown.total_voters}, and a recount gives ${counted} of ${voters}`);
      if (ballot.isPublic) await this.#checkLists(ballot, chosen);
    }
  }

  /** The list of those who voted has each once, and the creator finds the message where votes are unread. */
  async #checkLists({ msgId }: Ballot, chosen: ReadonlyMap<RawAccount, number>): Promise<void> {
    const voters = [...chosen].filter(([, bits]) => bits !== 0).map(([account]) => account);
    if (voters[0] !== undefined) {
      const { votes, count } = await voters[0].call<'messages.getPollVotes'>({ _: 'messages.getPollVotes', peer: this.#peerOf(voters[0]), id: msgId, limit: 100 });
      const listed = votes.map(({ peer }) => (peer._ === 'peerUser' ? peer.user_id : 0n));
      const isSame = listed.length === voters.length && voters.every(({ userId }) => listed.includes(userId));
      if (count !== voters.length || !isSame) throw new Error(`the list of ${count} votes has ${listed}`);
    }
    const window = { offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 };
    for (const deadline = performance.now() + NOTE_MS; ; await delay(POLL_MS)) {
      const { has_unread_votes: isUnread } = await this.#resultsOf(this.#creator, { msgId });
      const unread = await this.#creator.call<'messages.getUnreadPollVotes'>({ _: 'messages.getUnreadPollVotes', peer: this.#peerOf(this.#creator), ...window });
      const isListed = unread._ !== 'messages.messagesNotModified' && unread.messages.some(({ id }) => id === msgId);
      if (isListed === (isUnread === true)) return;
      if (performance.now() > deadline) throw new Error(`the poll ${isUnread ? 'has' : 'has no'} unread votes, and the message is ${isListed ? '' : 'not '}listed`);
    }
  }

  async #resultsOf(account: RawAccount, { msgId }: Pick<Ballot, 'msgId'>): Promise<tl.pollResults> {
    const answer = await account.call<'messages.getPollResults'>({ _: 'messages.getPollResults', peer: this.#peerOf(account), msg_id: msgId, poll_hash: 0n });
    const update = answer._ === 'updates' ? answer.updates[0] : undefined;
    if (update?._ !== 'updateMessagePoll') throw new Error(`getPollResults answers ${answer._}`);
    return update.results;
  }

  #peerOf(account: RawAccount): tl.inputPeerChannel {
    return { ...this.#inputs.get(account)!, _: 'inputPeerChannel' };
  }
}

/** The answers that are chosen, as bits. */
function bitsOf(results: readonly tl.pollAnswerVoters[]): number {
  return results.reduce((bits, { chosen }, at) => bits | (chosen === true ? 1 << at : 0), 0);
}
