import { createHmac } from 'node:crypto';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { actingAdmin, noteOperator } from '../operators/index.ts';
import { normalizePhone } from '../peers/index.ts';
import { type DomainDeps, ExactQuota, QuotaBuckets, refuseWait } from '../shared/index.ts';
import { admittedEmail } from './email-address.ts';
import { hashOfSecret } from './hash-of-secret.ts';
import {
  deleteInvitationLink,
  findInvitationForm,
  insertInvitationLink,
  isInvitationLinkOpen,
  lockInvitationLink,
  spendInvitationLink,
  takeInvitationsOfLink,
} from './invitation-link-store.ts';
import { addInvitation } from './invitation-store.ts';
import { findFreeNumber, isGiven, isTaken } from './invite.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** How many people a link may be made for, for how many days, and how many links there may be that have not expired. */
export const INVITATION_LINK_MOST = { uses: 10_000, days: 365, links: 200 } as const;

const DAY_S = 86_400;
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
const FORM_BYTES = 16;
const FORM = /^[\w-]{22}$/;

/** A link that was just made. */
export interface NewInvitationLink {
  linkId: bigint;
  /** The only time that it is known: the database has its hash. */
  token: string;
  expiresDate: number;
}

/**
 * Makes a link by which people invite themselves.
 * @param wanted within {@link INVITATION_LINK_MOST}
 * @returns undefined if there are too many links
 */
export function doMakeInvitationLink(db: Database, { uses, days }: { uses: number; days: number }, { random, nowDate }: { random: Random; nowDate: number }): Promise<NewInvitationLink | undefined> {
  const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
  const expiresDate = nowDate + days * DAY_S;
  const row = { token_hash: hashOfSecret(token), uses, uses_left: uses, created_date: nowDate, expires_date: expiresDate, by_user_id: actingAdmin() };
  return db.transact('make-invitation-link', async (tx) => {
    const linkId = await insertInvitationLink(tx, row, INVITATION_LINK_MOST.links);
    if (linkId === undefined) return undefined;
    await noteOperator(tx, `make the invitation link ${linkId} for ${uses === 1 ? '1 person' : `${uses} people`} and ${days === 1 ? '1 day' : `${days} days`}`, nowDate);
    return { linkId, token, expiresDate };
  });
}

/**
 * Revokes a link.
 * @param withInvitations also revokes the invitations that came out of it and were not used
 * @returns how many of these; undefined if there is no such link
 */
export function doRevokeInvitationLink(db: Database, linkId: bigint, withInvitations: boolean, nowDate: number): Promise<number | undefined> {
  return db.transact('revoke-invitation-link', async (tx) => {
    const was = await deleteInvitationLink(tx, linkId);
    const invitations = withInvitations ? await takeInvitationsOfLink(tx, linkId) : 0;
    // The invitations of a link that is gone can still be revoked.
    if (!was && invitations === 0) return undefined;
    await noteOperator(tx, `revoke the invitation link ${linkId}${withInvitations ? ` and the invitations that came out of it (${invitations})` : ''}`, nowDate);
    return invitations;
  });
}

/** Whom a form invited: the number to log in with, and where its codes are mailed to. */
export interface Invited {
  phone: string;
  /** null: codes go to the phone. */
  email: string | null;
}

interface Wanted {
  /** Undefined: the server gives out a number. */
  phone: string | undefined;
  email: string | null;
}

/** A form as it was sent. */
export interface InvitationForm {
  token: string;
  /** Which form it is: of {@link InvitationLinks.newForm}. */
  form: string;
  /** A phone number, or an e-mail address. */
  to: string;
  address: string;
}

/** The pages of links by which people invite themselves. They are answered alike whether or not a number or an address is known to the server. */
export class InvitationLinks {
  readonly #deps: DomainDeps;
  readonly #pages: QuotaBuckets;
  readonly #forms: ExactQuota;

  constructor(deps: DomainDeps) {
    this.#deps = deps;
    this.#pages = new QuotaBuckets(deps, 'invitePages');
    this.#forms = new ExactQuota(deps, 'inviteForms');
  }

  /** Whether people may enter an e-mail address. */
  get takesEmail(): boolean {
    return this.#deps.codeDelivery.sendsEmail === true;
  }

  /** Counts a request. @param isForm it sends a form @throws RpcError 420 FLOOD_WAIT */
  async checkQuota(network: string, isForm: boolean): Promise<void> {
    await refuseWait(this.#pages.take(network, 1));
    if (isForm) await refuseWait(this.#forms.take(network, 1));
  }

  /** The secret of a new form, by which a repeat of it is known. */
  newForm(): string {
    return Buffer.from(this.#deps.random.bytes(FORM_BYTES)).toString('base64url');
  }

  /** Whether a text can be one of {@link newForm}. Pure. */
  isForm(text: string): boolean {
    return FORM.test(text);
  }

  /** Whether somebody can use a link. */
  async isOpen(token: string): Promise<boolean> {
    const { db, clock } = this.#deps;
    return this.#canBe(token) && isInvitationLinkOpen(db, hashOfSecret(token), clock.now());
  }

  /**
   * Invites whoever has sent a form, and counts a use of the link: also if the number has an account or an invitation, which stays as it is. The same form is not
   * counted again within an hour.
   * @returns undefined if the link is wrong, revoked, expired or used up
   * @throws RpcError 400 PHONE_NUMBER_INVALID, EMAIL_INVALID, EMAIL_NOT_ALLOWED
   */
  async doUse({ token, form, to, address }: InvitationForm): Promise<Invited | undefined> {
    if (!this.#canBe(token)) return undefined;
    const { db, clock, random, log } = this.#deps;
    const nowDate = clock.now();
    const wanted = this.#read(to);
    return transactOrRefuse(db, 'use-invitation-link', async (tx): Promise<Invited | undefined | RpcError> => {
      const link = await lockInvitationLink(tx, hashOfSecret(token), nowDate);
      if (link === undefined) return undefined;
      if (wanted instanceof RpcError) return link.uses_left > 0 ? wanted : undefined;
      const { link_id: linkId } = link;
      const { phone: entered, email } = wanted;
      const formHash = createHmac('sha256', token).update(`${form} ${email ?? entered}`).digest();
      const sent = await findInvitationForm(tx, { linkId, formHash, nowDate });
      if (sent !== undefined) return { phone: entered ?? sent.given_phone!, email };
      if (link.uses_left === 0) return undefined;
      const phone = entered ?? (await findFreeNumber(tx, random));
      if (entered === undefined || !(await isTaken(tx, phone))) await addInvitation(tx, { phone, email, created_date: nowDate, link_id: linkId });
      await spendInvitationLink(tx, { link_id: linkId, form_hash: formHash, given_phone: entered === undefined ? phone : null, sent_date: nowDate });
      tx.afterCommit(() => log.info({ event: 'invitation_link', link: linkId, left: link.uses_left - 1, address }, 'somebody used an invitation link'));
      return { phone, email };
    });
  }

  /** Whether a text can be the token of a link that somebody may use. */
  #canBe(token: string): boolean {
    return this.#deps.config.signUp !== 'closed' && TOKEN.test(token);
  }

  /** Reads what was entered. Nobody can enter a number that a server gives out: its codes go to no phone. */
  #read(to: string): Wanted | RpcError {
    try {
      if (this.takesEmail && to.includes('@')) return { phone: undefined, email: admittedEmail(to, this.#deps.config.mailDomains) };
      const phone = normalizePhone(to);
      return isGiven(phone) ? rpcError('PHONE_NUMBER_INVALID') : { phone, email: null };
    } catch (error) {
      if (error instanceof RpcError) return error;
      throw error;
    }
  }
}
