import { randomUserId } from '@aerogram/cluster';
import type { Database, Tx } from '@aerogram/storage';

import { findBannedPhone, Names, reservePhone } from '../names/index.ts';
import { isReadOnly } from '../operators/index.ts';
import type { SignUpJob } from '../service/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type CompanyAccountRow, findCompanyAccount, insertCompanyAccount, lockCompanyAccount, saveCompanyAccount } from './company-account-store.ts';
import type { CompanyPerson } from './company-person.ts';
import { sealToken } from './company-token.ts';
import { findFreeNumber } from './invite.ts';
import { type CompanyFailure, tellLogInFailure } from './log-in-events.ts';
import { findSecurity, saveSecurity } from './security-store.ts';
import { writeAccount } from './sign-up-store.ts';
import { spendOfLoginEmail } from './spend-store.ts';

/** Number of times that a new account is tried: its id or its number may be taken meanwhile, or the same person enters twice at once. */
const TRIES = 10;

/** Longest refresh token that is kept. */
const TOKEN_MAX = 16_384;

/** What came of it that a person logged in at the provider. `maintenance`: an account would have to be made, and nobody can sign up at present. */
export type EnterOutcome = { kind: 'entered'; userId: bigint; isNew: boolean } | { kind: 'banned'; userId: bigint } | { kind: 'maintenance' };

/** A code that an app has asked for. */
export interface WaitingCode {
  code: string;
  /** When it ends, in unix seconds. */
  expires_date: number;
  /** The app that asked, as it calls itself. */
  device: string;
}

/** What a person sees at /enter. */
export interface EnteredAccount {
  userId: bigint;
  phone: string;
  name: string;
  codes: WaitingCode[];
}

/** How many codes are shown at /enter. */
const CODES_MAX = 5;

/** Longest name of an app that is shown, in UTF-16 units. */
const DEVICE_MAX = 64;

/** The parts on which the accounts of a company stand. */
export interface CompanyAccountsParts {
  users: Users;
  signUpJob: SignUpJob;
  orderNewcomer(tx: Tx, userId: bigint): Promise<void>;
}

/** The columns of a refresh token. */
type Sealed = Pick<CompanyAccountRow, 'sealed_token' | 'next_check_date' | 'trying_date'> | undefined;

/** Rolls back an account that cannot be made this time. */
class TryAgain extends Error {}

/** A number that was reserved for a new account. */
interface Reserved {
  phone: string;
  userId: bigint;
}

/** Rolls back an account that cannot be made without a number that was reserved before, because another data centre decides. */
class NeedsNumber extends Error {}

/** The accounts of people whom a company's provider names. They are found by provider and subject, and by nothing else that the provider says. */
export class CompanyAccounts {
  readonly #deps: DomainDeps;
  readonly #parts: CompanyAccountsParts;
  readonly #names: Names;

  constructor(deps: DomainDeps, parts: CompanyAccountsParts) {
    this.#deps = deps;
    this.#names = new Names(deps);
    this.#parts = parts;
  }

  /**
   * A person has logged in at the provider: makes the account at the first time, and admits the person again whose devices were ended.
   * @param came `refreshToken`: with which the person is checked from now on; `address`: of the browser
   */
  async doEnter(person: CompanyPerson, came: { refreshToken: string | undefined; address: string }): Promise<EnterOutcome> {
    const { db, clock, log } = this.#deps;
    const token = this.#seal(came.refreshToken);
    let reserved: Reserved | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        const outcome = await db.transact('enter', async (tx) => {
          const row = await lockCompanyAccount(tx, person);
          const user = row && (await tx.q.selectFrom('users').select(['phone', 'deleted']).where('user_id', '=', row.user_id).executeTakeFirst());
          const phones = [row?.banned_phone, user?.phone].filter((phone) => typeof phone === 'string');
          if (row && (await findBannedPhone(tx, phones)) !== undefined) return { kind: 'banned', userId: row.user_id } as const;
          const isNew = !row || user?.deleted !== false;
          if (isNew && (await isReadOnly(tx, clock.now()))) return { kind: 'maintenance' } as const;
          if (isNew) return { kind: 'entered', userId: await this.#make(tx, person, { token, formerId: row?.user_id, reserved }), isNew: true } as const;
          await this.#admit(tx, row, person, token);
          return { kind: 'entered', userId: row.user_id, isNew: false } as const;
        });
        if (outcome.kind === 'maintenance') return outcome;
        const { kind, userId } = outcome;
        if (kind === 'entered' && outcome.isNew) await this.#parts.users.userChanged(userId);
        if (kind === 'banned') tellLogInFailure(this.#deps, { reason: 'banned', userId, address: came.address });
        else log.info({ event: outcome.isNew ? 'sign_up' : 'log_in', userId, how: 'company', address: came.address }, outcome.isNew ? 'an account was made for a person of the company' : 'a person of the company entered');
        return outcome;
      } catch (error) {
        if (!(error instanceof NeedsNumber) && !(error instanceof TryAgain)) throw error;
        reserved = error instanceof NeedsNumber ? await this.#reserve() : undefined;
      }
    }
    throw new Error('no account could be made for a person of the company');
  }

  /** Tells that a person was refused before it was looked for the account. */
  noteRefused(reason: CompanyFailure, address: string): void {
    tellLogInFailure(this.#deps, { reason, address });
  }

  /** What a person sees who has entered; undefined if the person may see nothing any more. */
  async findEntered(userId: bigint): Promise<EnteredAccount | undefined> {
    const { db, clock } = this.#deps;
    const user = await db.q.selectFrom('users').select(['phone', 'first_name', 'last_name', 'deleted']).where('user_id', '=', userId).executeTakeFirst();
    if (!user || user.deleted || user.phone === null || !(await this.mayEnter(db, userId, user.phone))) return undefined;
    const codes = await db.q
      .selectFrom('login_codes')
      .leftJoin('auth_keys', 'auth_keys.auth_key_id', 'login_codes.auth_key_id')
      .select(['code', 'login_codes.expires_date', 'device_model', 'app_version'])
      .where('phone', '=', user.phone)
      .where('purpose', 'in', ['login', 'confirm_phone'])
      .where('accepted_date', 'is', null)
      .where('cancelled', '=', false)
      .where('login_codes.expires_date', '>', clock.now())
      .orderBy('login_codes.created_date', 'desc')
      .limit(CODES_MAX)
      .execute();
    return {
      userId,
      phone: user.phone,
      name: `${user.first_name} ${user.last_name}`.trim(),
      codes: codes.map(({ code, expires_date, device_model, app_version }) => ({ code, expires_date, device: [device_model, app_version].filter(Boolean).join(', ').slice(0, DEVICE_MAX) || 'unknown' })),
    };
  }

  /** Whether the person of an account is neither banned, nor ended by the provider, nor unsure. @param phone of the account */
  async mayEnter(from: Pick<Database, 'q'> | Pick<Tx, 'q'>, userId: bigint, phone: string): Promise<boolean> {
    const [row, banned] = await Promise.all([findCompanyAccount(from, userId), findBannedPhone(from, [phone])]);
    return row?.state === 'in' && banned === undefined;
  }

  /** The columns of a refresh token. A provider that gives none on a later log-in leaves the one of before in force. */
  #seal(token: string | undefined): Sealed {
    const { clock, config, fileStorage, log } = this.#deps;
    if (token === undefined || token.length > TOKEN_MAX) {
      log.warn({ length: token?.length }, token === undefined ? 'the provider gave no refresh token to keep: a person who is disabled there may stay logged in' : 'a refresh token of the provider is too long to be kept');
      return undefined;
    }
    return { sealed_token: sealToken(fileStorage.keys, config, token), next_check_date: clock.now() + config.oidcCheckEveryS, trying_date: null };
  }

  /** Reserves a free number for a new account. */
  async #reserveIn(tx: Tx): Promise<Reserved> {
    const { clock, random, config, homeOfPhone = () => config.homeDcId } = this.#deps;
    const phone = await findFreeNumber(tx, random);
    const userId = randomUserId(random.int63(), homeOfPhone(phone));
    if ((await reservePhone(tx, phone, userId, clock.now())) !== userId) throw new TryAgain();
    return { phone, userId };
  }

  /** Reserves a free number in the whole cluster, which another data centre decides. @throws RpcError 500 if that one is away @returns undefined: it was taken there */
  async #reserve(): Promise<Reserved | undefined> {
    const reserved = await this.#deps.db.transact('reserve-given-phone', (tx) => this.#reserveIn(tx));
    const isClaimed = await this.#names.claim({ type: 'phone', name: reserved.phone }, reserved.userId);
    return isClaimed ? reserved : undefined;
  }

  async #make(tx: Tx, person: CompanyPerson, { token, formerId, reserved }: { token: Sealed; formerId: bigint | undefined; reserved: Reserved | undefined }): Promise<bigint> {
    const nowDate = this.#deps.clock.now();
    if (reserved === undefined && this.#names.areElsewhere) throw new NeedsNumber();
    const { phone, userId } = reserved ?? (await this.#reserveIn(tx));
    if ((await writeAccount(tx, { userId, phone, first_name: person.firstName, last_name: person.lastName, nowDate })) !== 'written') throw new TryAgain();
    this.#names.confirm(this.#names.told(tx, nowDate), { type: 'phone', name: phone }, userId);
    const { issuer, subject, email = null } = person;
    const dates = { created_date: nowDate, entered_date: nowDate, checked_date: nowDate };
    const kept = token ?? { sealed_token: null, next_check_date: null, trying_date: null };
    if (!(await insertCompanyAccount(tx, { issuer, subject, user_id: userId, email, state: 'in', ...dates, ...kept }, formerId))) throw new TryAgain();
    if (email !== null) await saveSecurity(tx, userId, { login_email: email });
    await tx.job(this.#parts.signUpJob.order(userId, null));
    await this.#parts.orderNewcomer(tx, userId);
    return userId;
  }

  async #admit(tx: Tx, row: CompanyAccountRow, person: CompanyPerson, token: Sealed): Promise<void> {
    const { email = null } = person;
    const nowDate = this.#deps.clock.now();
    const userId = row.user_id;
    const { login_email } = await findSecurity(tx.q, userId);
    // An address that the provider takes away may belong to somebody else by now. One that the person has chosen stays.
    const follows = login_email === row.email && email !== row.email;
    if (follows) {
      await saveSecurity(tx, userId, { login_email: email, login_email_reset_date: null });
      await spendOfLoginEmail(tx, userId);
    }
    await saveCompanyAccount(tx, userId, { state: 'in', entered_date: nowDate, checked_date: nowDate, ...(follows ? { email } : {}), ...(token && { ...token, token_seq: row.token_seq + 1 }) });
  }
}
