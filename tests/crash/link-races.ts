import { hashOfInviteLink } from '@aerogram/domain';
import { RawClientError } from '@aerogram/mtproto/client';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { channelsIn, readMembers } from './channel-input.ts';

/** A link with one place, and what its racers know of it. */
interface Race {
  /** Undefined until the server has acknowledged the link. */
  link: string | undefined;
  /** Who was told that they are in. */
  winners: RawAccount[];
  /** The winner has begun to leave. */
  isLeaving: boolean;
}

/** A supergroup into which several people race by a link with one place, again and again. The winner leaves, and the link is revoked. */
export class LinkRaces {
  readonly #owner: RawAccount;
  readonly #racers: readonly RawAccount[];
  readonly #channel: tl.inputChannel;
  readonly #broken: string[] = [];
  #race: Race | undefined;
  /** Races that have ended, also by a crash. */
  count = 0;

  private constructor(owner: RawAccount, racers: readonly RawAccount[], channel: tl.inputChannel) {
    this.#owner = owner;
    this.#racers = racers;
    this.#channel = channel;
  }

  /** Creates the supergroup of the first account; the others race. */
  static async create([owner, ...racers]: readonly RawAccount[]): Promise<LinkRaces> {
    const [channel] = channelsIn(await owner!.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Races', about: '' }));
    return new LinkRaces(owner!, racers, channel!);
  }

  get #peer(): tl.inputPeerChannel {
    return { ...this.#channel, _: 'inputPeerChannel' };
  }

  /** One race. May begin in any state that {@link check} leaves. */
  async change(): Promise<void> {
    const race: Race = { link: undefined, winners: [], isLeaving: false };
    this.#race = race;
    const invite = await this.#owner.call<'messages.exportChatInvite'>({ _: 'messages.exportChatInvite', peer: this.#peer, usage_limit: 1 });
    if (invite._ !== 'chatInviteExported') throw new Error(`exportChatInvite answers ${invite._}`);
    race.link = invite.link;
    const answers = await Promise.allSettled(this.#racers.map((racer) => this.#enter(racer, race)));
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    if (race.winners.length !== 1) this.#broken.push(`${race.winners.length} people were told that they came in by a link with one place`);
    race.isLeaving = true;
    for (const winner of race.winners) await this.#leave(winner);
    await this.#revoke(race.link);
    this.#race = undefined;
    this.count++;
  }

  async #enter(racer: RawAccount, race: Race): Promise<void> {
    const hash = hashOfInviteLink(race.link!);
    if (!(await isRefused(racer.call<'messages.importChatInvite'>({ _: 'messages.importChatInvite', hash }), 'INVITE_HASH_EXPIRED'))) race.winners.push(racer);
  }

  async #leave(racer: RawAccount): Promise<void> {
    const { link } = this.#race!;
    // The group is private: whoever is in it finds it by the link.
    const seen = await racer.call<'messages.checkChatInvite'>({ _: 'messages.checkChatInvite', hash: hashOfInviteLink(link!) });
    if (seen._ !== 'chatInviteAlready' || seen.chat._ !== 'channel') return;
    const channel: tl.inputChannel = { _: 'inputChannel', channel_id: seen.chat.id, access_hash: seen.chat.access_hash! };
    await racer.call<'channels.leaveChannel'>({ _: 'channels.leaveChannel', channel });
  }

  async #revoke(link: string): Promise<void> {
    await this.#owner.call<'messages.editExportedChatInvite'>({ _: 'messages.editExportedChatInvite', peer: this.#peer, link, revoked: true });
  }

  /**
   * Checks the race that a crash has ended: at most one racer is in, the link counts just that one, and whoever was told that they came in is in. Then
   * everybody leaves.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const race = this.#race;
    if (race?.link !== undefined) {
      const { link } = race;
      const page = { link, offset_date: 0, offset_user: { _: 'inputUserEmpty' }, limit: 100 } as const;
      const [{ invite }, { importers }, members] = await Promise.all([
        this.#owner.call<'messages.getExportedChatInvite'>({ _: 'messages.getExportedChatInvite', peer: this.#peer, link }),
        this.#owner.call<'messages.getChatInviteImporters'>({ _: 'messages.getChatInviteImporters', peer: this.#peer, ...page }),
        readMembers(this.#owner, this.#channel),
      ]);
      const inside = this.#racers.filter((racer) => members.ids.includes(racer.userId));
      const usage = invite._ === 'chatInviteExported' ? (invite.usage ?? 0) : -1;
      const counted = importers.map((importer) => importer.user_id);
      if (inside.length > 1 || race.winners.length > 1) this.#broken.push(`a link with one place let in ${inside.map((racer) => racer.name).join()}; ${race.winners.length} were told so`);
      if (usage !== inside.length || counted.length !== inside.length || members.count !== 1 + inside.length) {
        this.#broken.push(`${inside.length} racers are in, the link counts ${usage} and lists ${counted.length}, the supergroup counts ${members.count} members`);
      }
      const [winner] = race.winners;
      if (winner !== undefined && !race.isLeaving && !inside.includes(winner)) this.#broken.push(`${winner.name} was told that they came in, and is not there`);
      for (const racer of inside) await this.#leave(racer);
      await this.#revoke(link);
      this.count++;
    }
    this.#race = undefined;
    if (this.#broken.length > 0) throw new Error(`${this.#broken.length} promises are broken by links with one place:\n${this.#broken.slice(0, 20).join('\n')}`);
  }
}

/** Whether the server refuses a call with this error. @throws every other error */
async function isRefused(call: Promise<unknown>, text: string): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (error instanceof RawClientError && error.message.includes(text)) return true;
    throw error;
  }
}
