import { createHash, createHmac } from 'node:crypto';

const USER_FORM = /^(\d{1,11}):[\x21-\x7e]{0,64}$/;

/** The password of a user of coturn's REST interface (`use-auth-secret`): base64 of HMAC-SHA1 over the user. */
export function passwordOf(username: string, secret: string | Uint8Array): string {
  return createHmac('sha1', secret).update(username).digest('base64');
}

/** The key of long-term credentials (RFC 8489, 9.2.2). The RFC wants MD5. */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/** Until when a user `<unix seconds>:<call>` is good, in unix seconds; undefined if it is not well formed. Pure. */
export function endOfUser(username: string): number | undefined {
  const [, end] = USER_FORM.exec(username) ?? [];
  return end === undefined ? undefined : Number(end);
}

/** Whether a user is well formed and good still. Pure. @param nowS unix seconds */
export const isUserGood = (username: string, nowS: number): boolean => (endOfUser(username) ?? -1) >= nowS;
