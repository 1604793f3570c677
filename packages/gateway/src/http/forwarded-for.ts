import { readAddress, type TrustedProxies } from '@aerogram/runtime';

/** Bounds what is read of a header. Real ones have one entry per proxy. */
const MAX_CHARACTERS = 2048;

const MAX_ENTRIES = 32;

/**
 * Finds the client in the value of `X-Forwarded-For`, to which each proxy has appended the address that it was asked from: the last one that
 * is no trusted proxy. What stands before it was written by the client or by others, and is not read. If an entry is no address, the
 * entry after it is the last that is known. Pure.
 * @returns undefined if the last entry is no address
 */
export function findForwardedClient(header: string, trusted: TrustedProxies): string | undefined {
  const entries = header.slice(-MAX_CHARACTERS).split(',');
  // Its beginning is not there, and the rest may look like another address.
  if (header.length > MAX_CHARACTERS) entries.shift();
  let found: string | undefined;
  for (const entry of entries.slice(-MAX_ENTRIES).reverse()) {
    const address = readForwardedAddress(entry);
    if (address === undefined) break;
    found = address;
    if (!trusted.has(address)) break;
  }
  return found;
}

/** The last entry of a value of `X-Forwarded-For`; undefined if it is no address. Pure. */
export function lastForwarded(header: string): string | undefined {
  return readForwardedAddress(header.slice(header.lastIndexOf(',') + 1));
}

/** Reads an entry: an address, also with a port; IPv6 with a port stands in brackets. */
function readForwardedAddress(entry: string): string | undefined {
  const text = entry.trim();
  const [, address = text] = /^\[([\d:.a-f]+)\](?::\d{1,5})?$/i.exec(text) ?? /^([\d.]+):\d{1,5}$/.exec(text) ?? [];
  const isBracketed = text.startsWith('[');
  return isBracketed && !address.includes(':') ? undefined : readAddress(address);
}
