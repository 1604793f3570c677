import { cleanLine, NAME_MAX } from '../peers/index.ts';
import { admittedEmail } from './email-address.ts';

/** What a provider says of a person: claims of the ID token, and of the user info. */
export type CompanyClaims = Readonly<Record<string, unknown>>;

/** A person whom a company's provider has let in. */
export interface CompanyPerson {
  issuer: string;
  subject: string;
  firstName: string;
  lastName: string;
  /** Where log-in codes may be mailed to; undefined if the provider names no address that may be used. */
  email: string | undefined;
}

/** Longest subject (OpenID Connect Core, 2). */
const SUBJECT_MAX = 255;

/** How many groups of a person are looked at. */
const GROUPS_MAX = 10_000;

const textOf = (claims: CompanyClaims, name: string): string => {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
};

/**
 * Reads who a person is. An address counts unless the provider says that nobody has verified it, and if codes may be mailed there. Pure.
 * @param domains of the addresses that codes may be mailed to; empty admits all
 * @returns undefined if the provider names nobody
 */
export function readPerson(issuer: string, claims: CompanyClaims, domains: readonly string[]): CompanyPerson | undefined {
  const subject = textOf(claims, 'sub');
  if (subject === '' || subject.length > SUBJECT_MAX || !/^[\x20-\x7e]+$/.test(subject)) return undefined;
  const email = claims['email_verified'] === false || claims['email_verified'] === 'false' ? undefined : findEmail(textOf(claims, 'email'), domains);
  return { issuer, subject, ...namesOf(claims, email), email };
}

function findEmail(text: string, domains: readonly string[]): string | undefined {
  try {
    return admittedEmail(text, domains);
  } catch {
    return undefined;
  }
}

/** The names of a person, as accounts may have them: there is always a first one. */
function namesOf(claims: CompanyClaims, email: string | undefined): { firstName: string; lastName: string } {
  const [given, family] = ['given_name', 'family_name'].map((name) => cleanLine(textOf(claims, name), NAME_MAX));
  if (given !== '') return { firstName: given!, lastName: family! };
  const others = [textOf(claims, 'name'), textOf(claims, 'preferred_username'), email?.split('@')[0] ?? ''];
  const whole = others.map((text) => cleanLine(text, NAME_MAX)).find((text) => text !== '');
  return { firstName: whole ?? (family === '' ? 'New colleague' : family!), lastName: '' };
}

/** Whether a person is in one of the groups of which one is required; without any, everybody is. Pure. @param claim the name of the claim with the groups */
export function isInGroup(claims: CompanyClaims, claim: string, groups: readonly string[]): boolean {
  if (groups.length === 0) return true;
  const said = claims[claim];
  const own: readonly unknown[] = Array.isArray(said) ? said.slice(0, GROUPS_MAX) : [said];
  return own.some((group) => typeof group === 'string' && groups.includes(group));
}
