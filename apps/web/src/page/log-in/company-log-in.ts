import type { CompanyEntry } from '../../protocol/index.ts';

/** Where this window keeps the secret of the log-in that it has begun. It is gone with the window. */
const KEY = 'aerogram-enter';

const SECRET_BYTES = 32;

/**
 * Leaves the page, to log in at the provider of the company. The token with which the browser comes back works only together with a secret that stays in this window: nobody
 * can be made to log in as somebody else by a link.
 */
export function leaveToEnter({ address }: CompanyEntry): void {
  const { origin } = new URL(address);
  // Under another name of the server, the browser would come back to another origin.
  if (location.origin !== origin) return location.assign(origin);
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(KEY, secret);
  location.assign(`${address}/web?with=${secret}`);
}

/** Returns the secret of the log-in that this window has begun, once. */
export function takeSecret(): string | undefined {
  const secret = sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.removeItem(KEY);
  return secret;
}
