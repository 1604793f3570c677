import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Member, MembersView as Shown, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { isChannel, peerIdOf } from '../models/ids.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

const PAGE = 50;

/** Members of a group or channel, as many as were scrolled to. */
export class MembersView implements View<'members'> {
  readonly #account: Account;
  readonly #peer: PeerId;
  readonly #query: string;
  #members: Member[] = [];
  #hasMore = true;
  #values = new Values<Shown>();
  #loading: Promise<void> | undefined;

  constructor({ account, say }: { account: Account; say: Said<'members'> }) {
    this.#account = account;
    this.#peer = say.peer;
    this.#query = say.query.trim();
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
    const filter: tl.TypeChannelParticipantsFilter = this.#query === '' ? { _: 'channelParticipantsRecent' } : { _: 'channelParticipantsSearch', q: this.#query };
    const limit = offset === 0 ? Math.max(PAGE, this.#members.length) : PAGE;
    const answer = await this.#account.call({ _: 'channels.getParticipants', channel: await this.#account.inputChannel(this.#peer), filter, offset, limit, hash: Long.ZERO });
    if (answer._ !== 'channels.channelParticipants') return;
    const isAdmin = this.#account.store.peers.get(this.#peer)?.isAdmin === true;
    const found = answer.participants.flatMap((participant) => readParticipant(participant, isAdmin, this.#account.me));
    const before = this.#members.slice(0, offset);
    this.#members = [...before, ...found.filter(({ peer }) => !before.some((known) => known.peer === peer))];
    this.#hasMore = answer.participants.length > 0 && offset + answer.participants.length < answer.count;
  }

  async #loadGroup(): Promise<void> {
    const { fullChat } = await this.#account.call({ _: 'messages.getFullChat', chatId: -this.#peer });
    const all = fullChat._ === 'chatFull' && fullChat.participants._ === 'chatParticipants' ? fullChat.participants.participants : [];
    const { me, store } = this.#account;
    const isAdmin = store.peers.get(this.#peer)?.isAdmin === true;
    const wanted = this.#query.toLowerCase();
    const isWanted = ({ peer }: Member): boolean => (store.peers.get(peer)?.name ?? '').toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted));
    this.#members = all.map((participant) => readGroupMember(participant, isAdmin, me)).filter((member) => wanted === '' || isWanted(member));
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
    for (const { peer } of members ?? []) yield peer;
  }

  close(): void {}
}

/** Reads a member of a supergroup or channel; banned people are none. Pure. */
export function readParticipant(participant: tl.TypeChannelParticipant, isAdmin: boolean, self: PeerId): Member[] {
  switch (participant._) {
    case 'channelParticipantCreator':
      return [{ peer: participant.userId, role: 'owner', rank: participant.rank, canRemove: false }];
    case 'channelParticipantAdmin':
      return [{ peer: participant.userId, role: 'admin', rank: participant.rank, canRemove: participant.canEdit === true }];
    case 'channelParticipant':
      return [{ peer: participant.userId, role: 'member', canRemove: isAdmin && participant.userId !== self }];
    case 'channelParticipantSelf':
      return [{ peer: participant.userId, role: 'member', canRemove: false }];
    case 'channelParticipantBanned':
      return participant.left ? [] : [{ peer: peerIdOf(participant.peer), role: 'member', canRemove: isAdmin }];
    case 'channelParticipantLeft':
      return [];
  }
}

/** Reads a member of a basic group. Whoever brought somebody in may take them out again. Pure. */
export function readGroupMember(participant: tl.TypeChatParticipant, isAdmin: boolean, self: PeerId): Member {
  const { userId: peer, rank } = participant;
  switch (participant._) {
    case 'chatParticipantCreator':
      return { peer, role: 'owner', rank, canRemove: false };
    case 'chatParticipantAdmin':
      return { peer, role: 'admin', rank, canRemove: false };
    case 'chatParticipant':
      return { peer, role: 'member', rank, canRemove: peer !== self && (isAdmin || participant.inviterId === self) };
  }
}
