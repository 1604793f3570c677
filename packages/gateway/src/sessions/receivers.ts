import { authTopic, type Bus } from '@aerogram/bus';
import type { CallerState, RpcAnswer } from '@aerogram/rpc';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { codecFor } from '@aerogram/tl-compat';
import type { LiveSession, UpdatePusher } from '../live-session.ts';
import { SmallMap } from '../small-map.ts';
import { AuthorizationOf } from './authorization.ts';
import type { Authorization, GatewaySession } from './gateway-session.ts';
import { hearNotices, UPDATES_TOO_LONG } from './hear-notices.ts';
import { isEnded } from './key-directory.ts';

type FoundCaller = (Pick<CallerState, 'userId' | 'layer'> & { revoked: boolean }) | undefined;

/** Looks up the user of a key; `domain.auth` implements it. */
export interface CallerSource {
  findKeyState(authKeyId: bigint): FoundCaller | Promise<FoundCaller>;
}

export interface ReceiversDeps {
  pusher: UpdatePusher;
  callers: CallerSource;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** The name of this process, if several processes serve the sessions of one authorisation. */
  shared?: { process: string } | undefined;
}

/** For this many milliseconds a client that was logged out keeps its connections, so that the call that logged it out can be answered, and the one by which it learns of it. */
const FAREWELL_MS = 500;

/** Calls that sessions for file transfers also make. They do not move the updates to the calling session. */
const NEUTRAL_METHODS = new Set([
  'help.getConfig',
  'help.getCdnConfig',
  'help.getNearestDc',
  'auth.bindTempAuthKey',
]);

/**
 * Calls of sessions that do not listen for updates: sessions that export an account's data, and sessions that take an authorisation to
 * another DC for file transfers.
 */
const SIDE_METHODS = new Set([
  'account.initTakeoutSession',
  'account.finishTakeoutSession',
  'messages.getSplitRanges',
  'contacts.getSaved',
  'channels.getLeftChannels',
  'auth.exportAuthorization',
  'auth.importAuthorization',
]);

/** The dispatcher's result of a call. */
export type FinishedCall = Pick<RpcAnswer, 'method' | 'error' | 'withoutUpdates' | 'caller'>;

/** State at the start of a call. */
export interface CallSnapshot {
  authorization: Authorization;
  hints: number;
  /** Sequence number of the call among all calls, in order of arrival. */
  order: number;
  /** The session got its updates already: nothing that happens from now on escapes it. */
  isAttached: boolean;
}

type Listener = (userId: bigint, session: LiveSession) => void;

/**
 * Decides which session of each authorisation receives updates (rule P11, one receiver): the one that made the last successful API call, outside
 * invokeWithoutUpdates, that neither transfers files nor exports data. Reports the choice to the pusher.
 */
export class Receivers {
  readonly #deps: ReceiversDeps;
  readonly #authorizations = new Map<bigint, Authorization>();
  readonly #byUser = new Map<bigint, SmallMap<GatewaySession, true>>();
  readonly #reconnects: Disposable;
  readonly #farewells = new Set<TimerHandle>();
  readonly #listeners = { attach: new Set<Listener>(), detach: new Set<Listener>() };
  #calls = 0;

  constructor(deps: ReceiversDeps) {
    this.#deps = deps;
    this.#reconnects = deps.bus.onReconnect(() => this.#lookAgain());
  }

  sessionsOf(userId: bigint): Iterable<GatewaySession> {
    return this.#byUser.get(userId)?.keys() ?? [];
  }

  receiverOf(permAuthKeyId: bigint): GatewaySession | undefined {
    return this.#authorizations.get(permAuthKeyId)?.receiver;
  }

  on(event: 'attach' | 'detach', listener: Listener): Disposable {
    const listeners = this.#listeners[event];
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  }

  /** The authorisation of a permanent key, created on first use. */
  authorizationOf(permAuthKeyId: bigint): Authorization {
    const known = this.#authorizations.get(permAuthKeyId);
    if (known) return known;
    const authorization = new AuthorizationOf<GatewaySession>(permAuthKeyId);
    authorization.subscription = this.#deps.bus.subscribe(authTopic(permAuthKeyId), (hint) => this.#changed(authorization, hint));
    this.#authorizations.set(permAuthKeyId, authorization);
    return authorization;
  }

  add(session: GatewaySession): void {
    session.authorization.sessions.set(session, true);
  }

  /** Removes a session that ended. Another session of the authorisation receives the updates. */
  remove(session: GatewaySession): void {
    const { authorization } = session;
    authorization.sessions.delete(session);
    if (authorization.receiver === session) this.#elect(authorization);
    void this.#settle(authorization);
    if (authorization.sessions.size === 0) this.#forget(authorization);
  }

  /** Takes the state at the start of a call, which `called` needs at its end. */
  snapshot(session: GatewaySession): CallSnapshot {
    const { authorization } = session;
    const { attached } = authorization;
    return { authorization, hints: authorization.hints, order: ++this.#calls, isAttached: attached?.session === session && attached.ready === undefined };
  }

  /**
   * Called before a call of a session is answered.
   * @returns a promise to wait for before sending the answer, if the session now starts to receive updates
   */
  called(session: GatewaySession, call: FinishedCall, before: CallSnapshot): Promise<void> | undefined {
    if (session.ended) return undefined;
    const { method, caller } = call;
    if (caller.permAuthKeyId !== undefined) this.#rebind(session, caller.permAuthKeyId);
    const { authorization } = session;
    // A refused call does not show what its session is used for.
    const chooses = method !== undefined && call.error === undefined && !call.withoutUpdates && !SIDE_METHODS.has(method);
    if (chooses) this.#choose(session, method, before.order);
    // The call may have seen an older state than the hints received since. The read may have ended before the session was chosen.
    if (before.authorization !== authorization || before.hints !== authorization.hints) return this.#refresh(authorization).then(() => this.#settle(authorization));
    authorization.userId = caller.userId;
    authorization.layer = caller.layer;
    return this.#settle(authorization);
  }

  [Symbol.dispose](): void {
    this.#reconnects[Symbol.dispose]();
    for (const timer of this.#farewells) timer.cancel();
    for (const authorization of this.#authorizations.values()) {
      authorization.receiver = undefined;
      void this.#settle(authorization);
      authorization.subscription?.[Symbol.dispose]();
    }
    this.#authorizations.clear();
  }

  /** Moves a session whose temporary key was bound to the authorisation of the permanent key. */
  #rebind(session: GatewaySession, permAuthKeyId: bigint): void {
    if (session.authorization.permAuthKeyId === permAuthKeyId) return;
    session.entry.permAuthKeyId = permAuthKeyId;
    this.remove(session);
    session.authorization = this.authorizationOf(permAuthKeyId);
    session.authorization.sessions.set(session, true);
  }

  #choose(session: GatewaySession, method: string, order: number): void {
    const { authorization } = session;
    if (method.startsWith('upload.')) {
      if (session.purpose === 'work') return;
      session.purpose = 'files';
      session.calledAt = 0;
      if (authorization.receiver === session) this.#elect(authorization);
      return;
    }
    if (NEUTRAL_METHODS.has(method)) {
      if (session.purpose === 'files') return;
      if (session.purpose === 'unknown') session.purpose = 'neutral';
      if (authorization.isElsewhere) return;
      if (authorization.receiver !== session && authorization.receiver?.connected === true) return;
    } else {
      session.purpose = 'work';
    }
    session.calledAt = Math.max(session.calledAt, order);
    // The client may have left this session while its call was slow. The call must not take the updates away from the newer session.
    if (authorization.receiver !== undefined && authorization.receiver.calledAt > session.calledAt) return;
    authorization.receiver = session;
    authorization.isElsewhere = false;
  }

  /** Chooses the session that called last among those that may receive updates. */
  #elect(authorization: Authorization): void {
    let last: GatewaySession | undefined;
    for (const session of authorization.sessions.keys()) {
      if (session.calledAt === 0) continue;
      if (!last || session.calledAt > last.calledAt) last = session;
    }
    authorization.receiver = last;
  }

  /** Reports a changed receiver or user to the pusher. Never rejects. @returns a promise while a session is being attached */
  #settle(authorization: Authorization): Promise<void> | undefined {
    const { userId, attached } = authorization;
    const receiver = authorization.isElsewhere ? undefined : authorization.receiver;
    if (attached && attached.session === receiver && attached.userId === userId) return attached.ready;
    if (attached) this.#detach(authorization);
    if (!receiver || userId === undefined) {
      if (attached && !authorization.isElsewhere) this.#tell(authorization, 'no-receiver');
      return undefined;
    }
    if (!attached) this.#tell(authorization, 'receiver');
    return this.#attach(authorization, receiver, userId);
  }

  #attach(authorization: Authorization, session: GatewaySession, userId: bigint): Promise<void> {
    const attached: NonNullable<Authorization['attached']> = { session, userId, ready: undefined };
    authorization.attached = attached;
    const sessions = this.#byUser.get(userId) ?? new SmallMap<GatewaySession, true>();
    this.#byUser.set(userId, sessions.set(session, true));
    for (const listener of this.#listeners.attach) listener(userId, session);
    const ready = this.#deps.pusher.attach(session).then(
      () => {
        attached.ready = undefined;
      },
      (error: unknown) => {
        this.#deps.log.warn({ err: error }, 'a session could not be attached to its updates');
        // The next call tries again.
        if (authorization.attached === attached) this.#detach(authorization);
      },
    );
    attached.ready = ready;
    return ready;
  }

  #detach(authorization: Authorization): void {
    const { attached } = authorization;
    if (!attached) return;
    const { session, userId } = attached;
    authorization.attached = undefined;
    this.#deps.pusher.detach(session);
    const sessions = this.#byUser.get(userId);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byUser.delete(userId);
    for (const listener of this.#listeners.detach) listener(userId, session);
  }

  /**
   * Tells the other processes whether a session in this one receives the updates. Only one session across all processes does (rule P11, one receiver).
   */
  #tell(authorization: Authorization, reason: ReceiverHint['reason']): void {
    const { shared, bus, clock } = this.#deps;
    if (!shared) return;
    // Must be later than any announcement received, even within the same millisecond.
    authorization.claimedMs = Math.max(clock.nowMs(), authorization.claimedMs + 1);
    const hint: ReceiverHint = { reason, process: shared.process, atMs: authorization.claimedMs };
    bus.publish(authTopic(authorization.permAuthKeyId), hint);
  }

  /**
   * Handles the announcement of another process. The latest call wins; of two in the same millisecond, the process whose name sorts last.
   */
  #heard(authorization: Authorization, { reason, process, atMs }: ReceiverHint): void {
    const own = this.#deps.shared?.process;
    if (own === undefined || process === own) return;
    if (reason === 'receiver') {
      const { attached, claimedMs } = authorization;
      if (attached && (claimedMs > atMs || (claimedMs === atMs && own > process))) return;
    }
    authorization.claimedMs = Math.max(authorization.claimedMs, atMs);
    authorization.isElsewhere = reason === 'receiver';
    void this.#settle(authorization);
  }

  /**
   * Called after hints may have been lost: forgets which process has the receiving session, and reads the state of each authorisation
   * again.
   */
  #lookAgain(): void {
    for (const authorization of this.#authorizations.values()) {
      authorization.isElsewhere = false;
      authorization.hints += 1;
      void this.#refresh(authorization);
    }
  }

  /** Handles a hint that another process or session changed the authorisation. */
  #changed(authorization: Authorization, hint: unknown): void {
    if (isReceiverHint(hint)) return this.#heard(authorization, hint);
    if (hearNotices(authorization, hint, this.#deps)) return;
    const date = acceptedDate(hint);
    if (date !== undefined) {
      const body = codecFor(authorization.layer ?? LAYER).encode({ _: 'updateShort', update: { _: 'updateLoginToken' }, date });
      authorization.receiver?.push(body);
      return;
    }
    authorization.hints += 1;
    if (isEnded(hint)) {
      authorization.isEnding = true;
      authorization.bereft ??= authorization.attached?.session;
      authorization.userId = undefined;
      void this.#settle(authorization);
    }
    void this.#refresh(authorization);
  }

  /** Reads the current user of the authorisation. Never rejects. */
  #refresh(authorization: Authorization): Promise<void> {
    authorization.refreshing ??= Promise.resolve().then(() => this.#read(authorization));
    return authorization.refreshing;
  }

  async #read(authorization: Authorization): Promise<void> {
    try {
      let seen: number;
      do {
        seen = authorization.hints;
        const state = await this.#deps.callers.findKeyState(authorization.permAuthKeyId);
        if (seen !== authorization.hints || authorization.sessions.size === 0) continue;
        authorization.userId = state?.userId;
        authorization.layer = state?.layer;
        if (state) this.#tellEnd(authorization, state.revoked);
        await this.#settle(authorization);
      } while (seen !== authorization.hints);
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the state of a key could not be read');
    } finally {
      // Cleared together with the last look at the hints, so that none is missed in between.
      authorization.refreshing = undefined;
    }
  }

  /**
   * A client that only listens would not notice that it was logged out by another device, by the operator, or with its account. This update makes it send a
   * request, which is answered with the error. Soon after, the connections close: no client keeps one that does nothing.
   */
  #tellEnd(authorization: Authorization, revoked: boolean): void {
    const { bereft, isEnding } = authorization;
    authorization.bereft = undefined;
    authorization.isEnding = false;
    if (!isEnding || !revoked) return;
    bereft?.push(UPDATES_TOO_LONG);
    const carriers = [...authorization.sessions.keys()].flatMap((session) => [...session.carriers]);
    const timer = this.#deps.clock.setTimeout(() => {
      this.#farewells.delete(timer);
      if (authorization.userId === undefined) for (const carrier of carriers) carrier.finish('logged-out');
    }, FAREWELL_MS);
    this.#farewells.add(timer);
  }

  #forget(authorization: Authorization): void {
    authorization.subscription?.[Symbol.dispose]();
    if (this.#authorizations.get(authorization.permAuthKeyId) === authorization) {
      this.#authorizations.delete(authorization.permAuthKeyId);
    }
  }
}

/** Announces which process has the session that receives the updates of an authorisation. */
interface ReceiverHint {
  reason: 'receiver' | 'no-receiver';
  process: string;
  atMs: number;
}

function isReceiverHint(hint: unknown): hint is ReceiverHint {
  return typeof hint === 'object' && hint !== null && 'reason' in hint && (hint.reason === 'receiver' || hint.reason === 'no-receiver');
}

/** The date on which the client's QR code was accepted, if the hint says that; otherwise undefined. */
function acceptedDate(hint: unknown): number | undefined {
  if (typeof hint !== 'object' || hint === null || !('reason' in hint) || hint.reason !== 'login_token') return undefined;
  return 'date' in hint && typeof hint.date === 'number' ? hint.date : undefined;
}
