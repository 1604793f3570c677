/** Longer than any method and path that we serve. */
const MAX_BYTES = 2048;

const REQUEST_LINE = /^[A-Z]{1,20} (\S*)[ \r\n]/;

/**
 * Returns the target of the first request on an HTTP connection: path and query.
 * @param bytes what has arrived so far
 * @returns undefined while more is needed; an empty string if it is not a request that we would serve
 */
export function peekRequestTarget(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_BYTES)).toString('latin1');
  const found = REQUEST_LINE.exec(text)?.[1];
  if (found !== undefined) return found;
  return bytes.length < MAX_BYTES && /^[A-Z]{0,20}(?: \S*)?$/.test(text) ? undefined : '';
}
