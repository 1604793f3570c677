import type { ConnectionInit, Domain, PresenceSign, QuotaName } from '@aerogram/domain';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { BoxStep, SessionRef } from './call.ts';
import type { AnyElsewhereRules, ElsewhereRules } from './elsewhere.ts';
import { compileLimits, type FieldBounds, type MethodLimits } from './field-limits.ts';
import type { ItemCosts } from './item-cost.ts';

/** Kinds of callers. A guest has a key that is not logged in. */
export type CallerKind = 'guest' | 'user' | 'bot';

/** Why a repeat of the same call does no harm (rule S6, exactly once). */
export type RepeatRule = 'idempotent' | 'random_id' | 'read' | 'unsafe';

export interface Caller {
  /** Key of the call; if it is temporary it differs from `permAuthKeyId`. */
  authKeyId: bigint;
  /** The permanent key. For auth.bindTempAuthKey, which an unbound temporary key may call, that key itself. */
  permAuthKeyId: bigint;
  sessionId: bigint;
  msgId: bigint;
  userId: bigint | undefined;
  /** Whether the user is a bot. */
  isBot: boolean;
  /** The user whose password is still missing while the log-in is not finished. */
  pendingUserId: bigint | undefined;
  /** Layer of the authorisation; the newest one if none was given. */
  layer: number;
  /** DC of the key's handshake (rule P9, DC ids). */
  dcId: number;
  remoteAddress: string;
  localAddress: string;
  localPort: number;
  /** See `SessionRef`. */
  isForwarded?: boolean | undefined;
  initConnection: ConnectionInit | undefined;
}

/** What a handler gets besides the request. */
export interface RpcContext {
  readonly caller: Caller;
  /** The caller's user id. Throws 401 AUTH_KEY_UNREGISTERED for a guest, which cannot happen in methods for users. */
  readonly userId: bigint;
  readonly domain: Domain;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly session: SessionRef;
  readonly withoutUpdates: boolean;
  /** The export of all data that the call is part of; the device has begun it. */
  readonly takeoutId: bigint | undefined;
  /** The call comes from within the server. Its caller keeps no request, so the answer has to name everything. */
  readonly isDirect: boolean;
  /** The trace context of the call; undefined if it is not traced. */
  readonly trace?: string | undefined;
  /**
   * Reports that the send is now in a queue that keeps its order: the session's next send to this peer need not wait for the answer (rule
   * P23).
   */
  handedOn(): void;
  /** Reports that the call only waits for somebody else from now on, perhaps for long: it keeps no other call of its session from running. */
  waits(): void;
  /** Reports that the answer contains this step of a message box. */
  boxStep(step: BoxStep): void;
}

export interface MethodDefinition<M extends keyof tl.RpcMethods> {
  method: M;
  /** Who may call. 'any' means guest, user and bot. */
  access: CallerKind | 'any' | readonly CallerKind[];
  /** Also allowed while a log-in waits for the password. */
  pending2fa?: boolean;
  /** Tokens taken from the caller's bucket; an ordinary read costs 1. */
  cost: number;
  /** Tokens in addition to `cost`, for methods that do something for each item of a vector. */
  itemCosts?: ItemCosts;
  limits?: MethodLimits;
  /**
   * The call carries a part of a file, or asks for one. The bytes are limited by the account's allowance for files and by the room of the
   * process, instead of costing tokens.
   */
  part?: PartRule<tl.RpcMethods[M]['req'], tl.RpcMethods[M]['res']>;
  /** Quotas of the domain that a call may use in addition to its cost. Tests that run a whole server report undeclared ones. */
  quotas?: readonly QuotaName[];
  repeat: RepeatRule;
  /** A successful call shows that its caller is online. */
  presence?: PresenceSign;
  /**
   * Whether the call is answered while people can only read. By default, what reads is, and what somebody may call who has not
   * logged in yet, because people must be able to connect. False for one of the latter that changes more than who is logged in.
   */
  inMaintenance?: boolean;
  /** The fields of the request that may name a person in another data centre. In all others such a person is refused. */
  elsewhere?: ElsewhereRules<tl.RpcMethods[M]['req']>;
  /** A feature that is not implemented yet: the method returns its empty result. Shown in docs/coverage.md. */
  empty?: string;
  handler: (ctx: RpcContext, req: tl.RpcMethods[M]['req']) => Promise<tl.RpcMethods[M]['res']>;
}

/** Which part of a file a call carries or asks for. */
export interface PartRule<Request, Result> {
  /** `in`: the request carries it, or the call sends it elsewhere; `out`: the answer does. */
  direction: 'in' | 'out';
  /** Its length in bytes, or the most that the answer may have. */
  bytes(req: Request): number;
  /** Frees the part, which nobody needs once the result that contains it has been encoded. */
  free?(result: Result): void;
}

/** The definition of any method; `method` determines the types of request and result. */
type AnyMethodDefinition = { [M in keyof tl.RpcMethods]: MethodDefinition<M> }[keyof tl.RpcMethods];

/** A registered method, without its request type. */
export interface RpcMethod {
  readonly method: keyof tl.RpcMethods;
  readonly callers: ReadonlySet<CallerKind>;
  readonly pending2fa: boolean;
  readonly cost: number;
  readonly itemCosts: ItemCosts | undefined;
  readonly limits: MethodLimits;
  readonly part: PartRule<tl.AnyMethod, unknown> | undefined;
  readonly quotas: readonly QuotaName[];
  /** The limits of the fields, in the form that the dispatcher checks. */
  readonly bounds: FieldBounds;
  readonly repeat: RepeatRule;
  readonly presence: PresenceSign | undefined;
  readonly inMaintenance: boolean;
  readonly elsewhere: AnyElsewhereRules;
  readonly empty: string | undefined;
  run(ctx: RpcContext, req: tl.AnyMethod): Promise<unknown>;
}

const ALL_CALLERS: readonly CallerKind[] = ['guest', 'user', 'bot'];

/**
 * Declares a TL method: who may call it, what it costs, why a repeat does no harm, and what it does. The dispatcher alone enforces the
 * declaration.
 */
export function defineMethod(definition: AnyMethodDefinition): RpcMethod {
  const { method, access } = definition;
  const callers = access === 'any' ? ALL_CALLERS : typeof access === 'string' ? [access] : access;
  return {
    method,
    callers: new Set(callers),
    pending2fa: definition.pending2fa ?? false,
    cost: definition.cost,
    itemCosts: definition.itemCosts,
    limits: definition.limits ?? {},
    part: definition.part,
    quotas: definition.quotas ?? [],
    bounds: compileLimits(definition.limits ?? {}),
    repeat: definition.repeat,
    presence: definition.presence,
    inMaintenance: definition.inMaintenance ?? (definition.repeat === 'read' || callers.includes('guest') || definition.pending2fa === true),
    elsewhere: definition.elsewhere ?? {},
    empty: definition.empty,
    run(ctx, req) {
      if (req._ !== method) throw new Error(`${method} was given ${req._}`);
      // This cast is safe because the name was just compared.
      const handler = definition.handler as (ctx: RpcContext, req: tl.AnyMethod) => Promise<unknown>;
      return handler(ctx, req);
    },
  };
}
