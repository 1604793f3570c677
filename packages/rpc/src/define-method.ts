import type { ConnectionInit, Domain, PresenceSign, QuotaName } from '@aerogram/domain';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { BoxStep, SessionRef } from './call.ts';
import { compileLimits, type FieldBounds, type MethodLimits } from './field-limits.ts';

/** Kinds of callers. A guest's key is not logged in. */
export type CallerKind = 'guest' | 'user' | 'bot';

/** How a repeat of the same call is kept harmless (rule S6). */
export type RepeatRule = 'idempotent' | 'random_id' | 'read' | 'unsafe';

export interface Caller {
  /** Key of the call; a temporary one differs from `permAuthKeyId`. */
  authKeyId: bigint;
  /** The permanent key. For the one method that an unbound temporary key may call it is that key itself. */
  permAuthKeyId: bigint;
  sessionId: bigint;
  msgId: bigint;
  userId: bigint | undefined;
  /** Whose password is awaited, while the log-in is not finished. */
  pendingUserId: bigint | undefined;
  /** Layer of the authorisation; the newest one where none was ever given. */
  layer: number;
  /** DC of the key's handshake (rule P9). */
  dcId: number;
  remoteAddress: string;
  localAddress: string;
  localPort: number;
  initConnection: ConnectionInit | undefined;
}

/** What a handler gets besides the request. */
export interface RpcContext {
  readonly caller: Caller;
  /** The caller's user id. Throws 401 AUTH_KEY_UNREGISTERED for a guest, which methods for users never see. */
  readonly userId: bigint;
  readonly domain: Domain;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly session: SessionRef;
  readonly withoutUpdates: boolean;
  /**
   * Says that what the call sends stands in a line that keeps its order: the session's next send to this peer need not
   * wait for the answer (rule P23).
   */
  handedOn(): void;
  /** Says that the answer carries this step of a box. */
  boxStep(step: BoxStep): void;
}

export interface MethodDefinition<M extends keyof tl.RpcMethods> {
  method: M;
  /** Who may call. 'any' is guest, user and bot. */
  access: CallerKind | 'any' | readonly CallerKind[];
  /** Also while a log-in waits for the second factor. */
  pending2fa?: boolean;
  /** Tokens taken from the caller's bucket; 1 is an ordinary read. */
  cost: number;
  limits?: MethodLimits;
  /** Quotas of the domain that a call may spend besides its cost. Tests with a whole server report one that is missing here. */
  quotas?: readonly QuotaName[];
  repeat: RepeatRule;
  /** Such a call, when it succeeds, shows that its caller is online. */
  presence?: PresenceSign;
  /** The feature that is not there yet: the method answers its typed empty form. Shown in docs/coverage.md. */
  empty?: string;
  handler: (ctx: RpcContext, req: tl.RpcMethods[M]['req']) => Promise<tl.RpcMethods[M]['res']>;
}

/** The definition of any method; `method` tells which, and with it the types of request and result. */
type AnyMethodDefinition = { [M in keyof tl.RpcMethods]: MethodDefinition<M> }[keyof tl.RpcMethods];

/** A registered method, its request type erased. */
export interface RpcMethod {
  readonly method: keyof tl.RpcMethods;
  readonly callers: ReadonlySet<CallerKind>;
  readonly pending2fa: boolean;
  readonly cost: number;
  readonly limits: MethodLimits;
  readonly quotas: readonly QuotaName[];
  /** The limits of the fields, as the dispatcher checks them. */
  readonly bounds: FieldBounds;
  readonly repeat: RepeatRule;
  readonly presence: PresenceSign | undefined;
  readonly empty: string | undefined;
  run(ctx: RpcContext, req: tl.AnyMethod): Promise<unknown>;
}

const ALL_CALLERS: readonly CallerKind[] = ['guest', 'user', 'bot'];

/**
 * Declares a TL method: who may call it, what it costs, how a repeat is kept harmless, and what it does.
 * The dispatcher alone enforces the declaration.
 */
export function defineMethod(definition: AnyMethodDefinition): RpcMethod {
  const { method, access } = definition;
  const callers = access === 'any' ? ALL_CALLERS : typeof access === 'string' ? [access] : access;
  return {
    method,
    callers: new Set(callers),
    pending2fa: definition.pending2fa ?? false,
    cost: definition.cost,
    limits: definition.limits ?? {},
    quotas: definition.quotas ?? [],
    bounds: compileLimits(definition.limits ?? {}),
    repeat: definition.repeat,
    presence: definition.presence,
    empty: definition.empty,
    run(ctx, req) {
      if (req._ !== method) throw new Error(`${method} was given ${req._}`);
      // The one place where the request's type is taken on trust: its name was just compared.
      const handler = definition.handler as (ctx: RpcContext, req: tl.AnyMethod) => Promise<unknown>;
      return handler(ctx, req);
    },
  };
}
