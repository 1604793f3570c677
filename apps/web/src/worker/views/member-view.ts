import type { Member, MemberView as Shown, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { findParticipant } from '../find-participant.ts';
import { isChannel } from '../models/ids.ts';
import { readGroupMember, readParticipant } from '../models/member.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** What one member of a group or channel is and may do there. */
export class MemberView implements View<'member'> {
  readonly #account: Account;
  readonly #user: PeerId;
  readonly peer: PeerId;
  readonly #values = new Values<Shown>();

  constructor({ account, say }: { account: Account; say: Said<'member'> }) {
    this.#account = account;
    this.peer = say.peer;
    this.#user = say.user;
  }

  async start(): Promise<void> {
    this.#values.set({ member: await this.#load(), isLoaded: true });
  }

  async #load(): Promise<Member | undefined> {
    const { me, store } = this.#account;
    const isAdmin = store.peers.get(this.peer)?.isAdmin === true;
    if (isChannel(this.peer)) {
      const found = await findParticipant(this.#account, await this.#account.inputChannel(this.peer), this.#user);
      return found && readParticipant(found, isAdmin, me)[0];
    }
    const { fullChat } = await this.#account.call({ _: 'messages.getFullChat', chatId: -this.peer });
    const all = fullChat._ === 'chatFull' && fullChat.participants._ === 'chatParticipants' ? fullChat.participants.participants : [];
    const found = all.find(({ userId }) => userId === this.#user);
    return found && readGroupMember(found, isAdmin, me);
  }

  notice(changes: Changes): void {
    if (!changes.details.has(this.peer)) return;
    void this.start().then(
      () => this.#account.store.noteGathered(),
      () => undefined,
    );
  }

  takePatch(): ViewPatches['member'] | undefined {
    return this.#values.take();
  }

  *peersOf({ member }: ViewPatches['member']): Iterable<PeerId> {
    yield this.#user;
    for (const by of [member?.restriction?.by, member?.admin?.by]) if (by !== undefined) yield by;
  }

  close(): void {}
}
