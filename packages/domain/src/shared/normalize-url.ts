/** Maximum length of a URL in UTF-16 units. */
const URL_MAX = 2048;

/**
 * Normalises the URL of a page for fetching and storing: an absolute http or https URL without user name and password. Undefined for
 * anything else. Pure.
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
