import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Member, MemberKind, MembersView as Shown, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { isChannel } from '../models/ids.ts';
import { readGroupMember, readParticipant } from '../models/member.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

const PAGE = 50;

/** Members of a group or channel, as many as were scrolled to. */
export class MembersView implements View<'members'> {
  readonly #account: Account;
  readonly #peer: PeerId;
  readonly #query: string;
  readonly #kind: MemberKind;
  #members: Member[] = [];
  #hasMore = true;
  #values = new Values<Shown>();
  #loading: Promise<void> | undefined;

  constructor({ account, say }: { account: Account; say: Said<'members'> }) {
    this.#account = account;
    this.#peer = say.peer;
    this.#query = say.query.trim();
    this.#kind = say.kind ?? 'all';
  }

  start(): Promise<void> {
    return this.#load(0);
  }

  async more(): Promise<void> {
    if (this.#hasMore) await this.#load(this.#members.length);
  }

  /** Loads the members behind so many, or all that are shown anew. Calls meanwhile share it. */
  async #load(offset: number): Promise<void> {
    this.#loading ??= (isChannel(this.#peer) ? this.#loadPage(offset) : this.#loadGroup()).finally(() => (this.#loading = undefined));
    await this.#loading;
    this.#values.set({ members: this.#members, hasMore: this.#hasMore });
  }

  async #loadPage(offset: number): Promise<void> {
    const limit = offset === 0 ? Math.max(PAGE, this.#members.length) : PAGE;
    const answer = await this.#account.call({ _: 'channels.getParticipants', channel: await this.#account.inputChannel(this.#peer), filter: this.#filter(), offset, limit, hash: Long.ZERO });
    if (answer._ !== 'channels.channelParticipants') return;
    const isAdmin = this.#account.store.peers.get(this.#peer)?.isAdmin === true;
    const found = answer.participants.flatMap((participant) => readParticipant(participant, isAdmin, this.#account.me)).filter(({ restriction }) => this.#kind === 'removed' || restriction?.isRemoved !== true);
    const before = this.#members.slice(0, offset);
    this.#members = [...before, ...found.filter(({ peer }) => !before.some((known) => known.peer === peer))];
    this.#hasMore = answer.participants.length > 0 && offset + answer.participants.length < answer.count;
  }

  #filter(): tl.TypeChannelParticipantsFilter {
    if (this.#query !== '') return { _: 'channelParticipantsSearch', q: this.#query };
    switch (this.#kind) {
      case 'all':
        return { _: 'channelParticipantsRecent' };
      case 'admins':
        return { _: 'channelParticipantsAdmins' };
      case 'restricted':
        return { _: 'channelParticipantsBanned', q: '' };
      case 'removed':
        return { _: 'channelParticipantsKicked', q: '' };
    }
  }

  /** In a basic group nothing is forbidden to one member alone, and who was removed may be added again. */
  async #loadGroup(): Promise<void> {
    const { fullChat } = await this.#account.call({ _: 'messages.getFullChat', chatId: -this.#peer });
    const all = fullChat._ === 'chatFull' && fullChat.participants._ === 'chatParticipants' ? fullChat.participants.participants : [];
    const { me, store } = this.#account;
    const isAdmin = store.peers.get(this.#peer)?.isAdmin === true;
    const wanted = this.#query.toLowerCase();
    const isWanted = ({ peer }: Member): boolean => (store.peers.get(peer)?.name ?? '').toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted));
    const isListed = ({ role }: Member): boolean => this.#kind === 'all' || (this.#kind === 'admins' && role !== 'member');
    this.#members = all.map((participant) => readGroupMember(participant, isAdmin, me)).filter((member) => isListed(member) && (wanted === '' || isWanted(member)));
    this.#hasMore = false;
  }

  notice(changes: Changes): void {
    if (!changes.details.has(this.#peer)) return;
    void this.#load(0).then(
      () => this.#account.store.noteGathered(),
      () => undefined,
    );
  }

  takePatch(): ViewPatches['members'] | undefined {
    return this.#values.take();
  }

  *peersOf({ members }: ViewPatches['members']): Iterable<PeerId> {
    for (const { peer, restriction, admin } of members ?? []) for (const one of [peer, restriction?.by, admin?.by]) if (one !== undefined) yield one;
  }

  close(): void {}
}
