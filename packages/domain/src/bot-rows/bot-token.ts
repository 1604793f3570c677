import type { MasterKeys } from '@aerogram/blob';
import { sha256Of } from '@aerogram/crypto';
import type { Random } from '@aerogram/runtime';

/** The characters of the secret part of a token: 64, so that each carries six random bits. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
/** Length of the secret part; programs that look for tokens expect exactly so many characters. */
const SECRET_LENGTH = 35;

const TOKEN = /^(\d{1,13}):([\w-]{35})$/;

/** The secret part of a token in the forms that are stored. */
export interface BotSecret {
  /** SHA-256. The secret is random, so no slow hash is needed. */
  token_hash: Uint8Array;
  /** Sealed with the master key of files. */
  sealed_token: Uint8Array;
}

/** A new secret part of a token, in plain and as it is stored. Nothing but the answer to its owner may contain the plain form. */
export function newBotSecret(random: Random, keys: Pick<MasterKeys, 'wrap'>): { plain: string; stored: BotSecret } {
  const plain = Array.from(random.bytes(SECRET_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { plain, stored: storedBotSecret(plain, keys) };
}

/** The forms in which the secret part of a token is stored. */
export function storedBotSecret(plain: string, keys: Pick<MasterKeys, 'wrap'>): BotSecret {
  return { token_hash: hashBotSecret(plain), sealed_token: keys.wrap(Buffer.from(plain, 'latin1')) };
}

/** The hash by which the secret part of a token is recognised. */
export function hashBotSecret(plain: string): Uint8Array {
  return sha256Of(Buffer.from(plain, 'latin1'));
}

/** Writes a token as bots are given it. */
export function formatBotToken(botId: bigint, plain: string): string {
  return `${botId}:${plain}`;
}

/** Reads a token. Returns undefined for what has not the form of one. */
export function readBotToken(token: string): { botId: bigint; plain: string } | undefined {
  const parts = TOKEN.exec(token);
  return parts ? { botId: BigInt(parts[1]!), plain: parts[2]! } : undefined;
}
