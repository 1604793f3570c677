import { rpcError } from '@aerogram/errors';

const MAX_LENGTH = 254;

/**
 * Normalises an e-mail address for storage: trimmed, with the host in lower case.
 * @throws RpcError 400 EMAIL_INVALID
 */
export function normalizeEmail(input: string): string {
  const email = input.trim();
  // Exactly one address: no spaces, commas or line breaks, which could inject a second mail header.
  const match = /^([\w.!#$%&'*+/=?^`{|}~-]{1,64})@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$/i.exec(email);
  if (!match || email.length > MAX_LENGTH) throw rpcError('EMAIL_INVALID');
  return `${match[1]!}@${match[2]!.toLowerCase()}`;
}

/**
 * Normalises an address that somebody wants log-in codes sent to.
 * @param domains that are admitted; empty admits all
 * @throws RpcError 400 EMAIL_INVALID, EMAIL_NOT_ALLOWED
 */
export function admittedEmail(input: string, domains: readonly string[]): string {
  const email = normalizeEmail(input);
  if (domains.length > 0 && !domains.includes(email.slice(email.lastIndexOf('@') + 1))) throw rpcError('EMAIL_NOT_ALLOWED');
  return email;
}

/** Masks an address for display to somebody who may not know it: `a***e@example.org`. Pure. */
export function emailPattern(email: string): string {
  const at = email.lastIndexOf('@');
  const name = email.slice(0, at);
  const last = name.length > 2 ? name.slice(-1) : '';
  return `${name.slice(0, 1)}***${last}${email.slice(at)}`;
}
