/** Longer ones are no addresses of pages. */
const URL_MAX = 2048;

/**
 * The address of a page as it is fetched and stored: an absolute http or https URL without user and password.
 * Undefined for everything else. Pure.
 */
export function normalizeUrl(raw: string): string | undefined {
  if (raw.length > URL_MAX) return undefined;
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`;
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return undefined;
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') return undefined;
  return url.href.length > URL_MAX ? undefined : url.href;
}
