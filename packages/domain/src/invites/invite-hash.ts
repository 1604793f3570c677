import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';

import { ME_URL_PREFIX } from '../shared/index.ts';

/** 93 random bits behind the three bits of the data centre, written in 16 characters. */
const HASH_BYTES = 12;
/** The first byte holds the data centre above the random bits. Its character is then a letter, so a client never takes the link for a phone number. */
const DC_SHIFT = 5;
/** Older links of other servers are longer. They are well formed, and unknown here. */
const HASH_MAX = 64;

/**
 * Creates the last part of a new invite link. It begins with the data centre that knows the link.
 * @param dc 1 to 5
 */
export function newInviteHash(random: Random, dc: number): string {
  const bytes = random.bytes(HASH_BYTES);
  bytes[0] = (dc << DC_SHIFT) | (bytes[0]! & ((1 << DC_SHIFT) - 1));
  return Buffer.from(bytes).toString('base64url');
}

/**
 * Checks what a client sends as the last part of a link. Pure.
 * @returns the same, without the sign in front that some clients leave there
 * @throws RpcError 400 INVITE_HASH_EMPTY, INVITE_HASH_INVALID
 */
export function checkedInviteHash(text: string): string {
  const hash = text.startsWith('+') ? text.slice(1) : text;
  if (hash === '') throw rpcError('INVITE_HASH_EMPTY');
  if (hash.length > HASH_MAX || !/^[\w-]+$/.test(hash)) throw rpcError('INVITE_HASH_INVALID');
  return hash;
}

/** The data centre that knows an invite link; undefined if the link is none that this program makes. Pure. @param hash its last part */
export function dcOfInviteHash(hash: string): number | undefined {
  const bytes = Buffer.from(hash, 'base64url');
  return bytes.length === HASH_BYTES && bytes.toString('base64url') === hash ? bytes[0]! >> DC_SHIFT : undefined;
}

/** The whole link. Pure. */
export function inviteLinkOf(hash: string): string {
  return `${ME_URL_PREFIX}+${hash}`;
}

/**
 * The last part of a link that an admin names, in any form that clients have for it: with `+`, with `joinchat/`, as `tg://join`, or that part alone. Pure.
 * @throws RpcError 400 INVITE_HASH_EXPIRED for something else: no such link exists
 */
export function hashOfInviteLink(link: string): string {
  const [, hash] = /^(?:(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.(?:me|dog)\/(?:\+|joinchat\/)|tg:(?:\/\/)?join\?invite=|\+?)([\w-]{1,64})$/i.exec(link.trim()) ?? [];
  if (hash === undefined) throw rpcError('INVITE_HASH_EXPIRED');
  return hash;
}
