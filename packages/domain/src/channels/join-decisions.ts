import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { type Database, defineJobKind, type JobContext, jsonCodec } from '@aerogram/storage';

import { findChatRows } from '../chats/index.ts';
import { type Decisions, type EntryOutcome, type InviteActing, type InvitesDoor, listFirstRequests } from '../invites/index.ts';
import type { DomainDeps } from '../shared/index.ts';

/** Maximum number of attempts to decide on one slice of requests. An attempt fails if other admins have meanwhile answered all requests of the slice. */
const TRIES_MAX = 10;

/** What the job is told: whose requests are decided on, and how. */
interface DecisionOrder {
  /** Marked id of the group or channel. */
  peerId: bigint;
  decisions: Omit<Decisions, 'hash'> & { hash: string | null };
}

/** The dependencies of {@link JoinDecisions}. */
export interface JoinDecisionsDeps extends Pick<DomainDeps, 'clock' | 'log'> {
  db: Database;
  /** The invite links of one group or channel. @param peerId marked */
  at(peerId: bigint): InvitesDoor;
}

/** Decisions on all requests to join a group or channel, in slices: the call decides on the first one, a job on the others. */
export class JoinDecisions {
  readonly #deps: JoinDecisionsDeps;
  readonly jobKind = defineJobKind<DecisionOrder>({
    kind: 'decide-join-requests',
    codec: jsonCodec(),
    run: (order, run) => this.#decideRest(order, run),
  });

  constructor(deps: JoinDecisionsDeps) {
    this.#deps = deps;
  }

  /**
   * Approves all pending join requests while there is room, or declines them all.
   * @param peerId marked
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING (no request is pending), INVITE_HASH_EXPIRED, USERS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
   */
  async doDecideAll(acting: InviteActing, peerId: bigint, { approved, hash }: Pick<Decisions, 'approved' | 'hash'>): Promise<EntryOutcome> {
    const untilDate = this.#deps.clock.now();
    const { isMore, ...outcome } = await this.#decideSome(acting, peerId, { approved, hash, untilDate });
    if (isMore) await this.#deps.db.transact('order-decisions', (tx) => tx.job(this.jobKind.order(acting.actorId, { peerId, decisions: { approved, hash: hash ?? null, untilDate } })));
    return outcome;
  }

  /** Decides on slice after slice. Requests that were decided on are gone, so a retry goes on where the last run stopped. */
  async #decideRest({ peerId: orderedId, decisions }: DecisionOrder, { ownerId, signal }: Pick<JobContext, 'ownerId' | 'signal'>): Promise<void> {
    const decided = { ...decisions, hash: decisions.hash ?? undefined };
    let peerId = orderedId;
    for (let isMore = true; isMore; ) {
      signal.throwIfAborted();
      try {
        ({ isMore } = await this.#decideSome({ actorId: ownerId, origin: undefined }, peerId, decided));
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        if (error.entry === 'HIDE_REQUESTER_MISSING') return;
        // When a basic group becomes a supergroup, its links and requests move there.
        const successorId = await this.#findSuccessor(peerId);
        if (successorId === undefined) {
          // The group is full, or the admin may no longer decide. The other requests stay pending, and admins see their number.
          this.#deps.log.info({ refusal: error.text }, 'a decision on all requests to join has ended before all of them');
          return;
        }
        peerId = successorId;
      }
    }
  }

  async #anyoneAsks(peerId: bigint, { hash, untilDate }: Pick<Decisions, 'hash' | 'untilDate'>): Promise<boolean> {
    return (await listFirstRequests(this.#deps.db, peerId, hash, { untilDate, limit: 1 })).length > 0;
  }

  /** Decides on one slice of the requests. @returns also whether more requests are pending. Throws as {@link InvitesDoor.doDecideSome} */
  async #decideSome(acting: InviteActing, peerId: bigint, decisions: Decisions): Promise<EntryOutcome & { isMore: boolean }> {
    for (let tries = 1; ; tries++) {
      try {
        const outcome = await this.#deps.at(peerId).doDecideSome(acting, decisions);
        return { ...outcome, isMore: await this.#anyoneAsks(peerId, decisions) };
      } catch (error) {
        // Another admin may have answered these requests meanwhile.
        const isAnswered = error instanceof RpcError && error.entry === 'HIDE_REQUESTER_MISSING';
        if (!isAnswered || tries === TRIES_MAX || !(await this.#anyoneAsks(peerId, decisions))) throw error;
      }
    }
  }

  /** The supergroup that a basic group has become; undefined if it has not. */
  async #findSuccessor(peerId: bigint): Promise<bigint | undefined> {
    const peer = unmarkPeer(peerId);
    const [row] = peer._ === 'peerChat' ? await findChatRows(this.#deps.db, [peer.chat_id]) : [];
    const channel_id = row?.migrated_to ?? undefined;
    return channel_id && markPeer({ _: 'peerChannel', channel_id });
  }
}
