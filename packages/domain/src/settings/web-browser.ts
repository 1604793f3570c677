import { createHash } from 'node:crypto';

import { rpcError } from '@aerogram/errors';
import { storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import type { Origin } from '../events/index.ts';
import { normalizeUrl } from '../shared/index.ts';
import type { AccountSettings, SettingChange } from './account-settings.ts';

type Settings = tl.account.webBrowserSettings;

/** Whether apps open links in their built-in browser or in the system's, with exceptions for single sites. */
export interface WebBrowser {
  find(ownerId: bigint): Promise<Settings>;
  /**
   * Changes the settings for all sites.
   * @returns all settings after the change
   */
  doChange(ownerId: bigint, general: { openExternal: boolean; displayCloseButton: boolean }, origin: Origin | undefined): Promise<Settings>;
  /**
   * Sets how links to the site of a URL are opened.
   * @param openExternal undefined for the opposite of the general setting
   * @throws RpcError URL_INVALID, LIMIT_INVALID (too many exceptions)
   */
  doSetException(ownerId: bigint, url: string, openExternal: boolean | undefined, origin: Origin | undefined): Promise<tl.updateWebBrowserException>;
  /**
   * Deletes the exception for the site of a URL.
   * @throws RpcError URL_INVALID
   */
  doDeleteException(ownerId: bigint, url: string, origin: Origin | undefined): Promise<tl.updateWebBrowserException>;
  /**
   * Deletes all exceptions.
   * @returns all settings after the change
   */
  doDeleteExceptions(ownerId: bigint, origin: Origin | undefined): Promise<Settings>;
}

const EXCEPTIONS_MAX = 100;
/** Maximum length of a domain name. */
const DOMAIN_MAX = 253;

/** Creates the operations on web browser settings. */
export function createWebBrowser(accountSettings: AccountSettings): WebBrowser {
  const change = async (ownerId: bigint, origin: Origin | undefined, apply: SettingChange<'web_browser'>['apply']): Promise<Settings> =>
    withHash(await accountSettings.doChange({ ownerId, name: 'web_browser', apply, origin }));

  return {
    find: async (ownerId) => withHash((await accountSettings.find(ownerId)).web_browser),
    doChange(ownerId, { openExternal, displayCloseButton }, origin) {
      const general = { open_external_browser: openExternal || undefined, display_close_button: displayCloseButton || undefined };
      return change(ownerId, origin, (before) => ({ after: { ...before, ...general }, updates: [{ _: 'updateWebBrowserSettings', ...general }] }));
    },
    async doSetException(ownerId, url, openExternal, origin) {
      const exception = projectException(url);
      let update: tl.updateWebBrowserException = { _: 'updateWebBrowserException', exception };
      await change(ownerId, origin, (before) => {
        const external = openExternal ?? before.open_external_browser !== true;
        update = { ...update, open_external_browser: external };
        const kept = without(before, exception.domain);
        if (kept.external_exceptions.length + kept.inapp_exceptions.length >= EXCEPTIONS_MAX) throw rpcError('LIMIT_INVALID');
        const list = external ? 'external_exceptions' : 'inapp_exceptions';
        // A repeat leaves the exception at its position.
        const isThere = before[list].some(({ domain }) => domain === exception.domain);
        return {
          after: isThere ? before : { ...kept, [list]: [...kept[list], exception] },
          updates: [update],
        };
      });
      return update;
    },
    async doDeleteException(ownerId, url, origin) {
      const exception = projectException(url);
      const update = projectDeletion(exception);
      await change(ownerId, origin, (before) => ({ after: without(before, exception.domain), updates: [update] }));
      return update;
    },
    doDeleteExceptions(ownerId, origin) {
      return change(ownerId, origin, (before) => ({
        after: { ...before, external_exceptions: [], inapp_exceptions: [] },
        updates: [...before.external_exceptions, ...before.inapp_exceptions].map(projectDeletion),
      }));
    },
  };
}

/**
 * The exception for a URL's site. Its title is the domain, because no page is fetched for it. Pure.
 * @throws RpcError URL_INVALID
 */
function projectException(raw: string): tl.webDomainException {
  const url = normalizeUrl(raw);
  if (url === undefined) throw rpcError('URL_INVALID');
  const { protocol, hostname } = new URL(url);
  const domain = hostname.replace(/^www\./, '').replace(/\.$/, '');
  if (!domain.includes('.') || domain.length > DOMAIN_MAX) throw rpcError('URL_INVALID');
  return { _: 'webDomainException', domain, url: `${protocol}//${hostname}/`, title: domain };
}

function projectDeletion(exception: tl.webDomainException): tl.updateWebBrowserException {
  return { _: 'updateWebBrowserException', delete: true, exception };
}

function without(settings: Settings, domain: string): Settings {
  const others = (list: readonly tl.webDomainException[]): tl.webDomainException[] => list.filter((exception) => exception.domain !== domain);
  return { ...settings, external_exceptions: others(settings.external_exceptions), inapp_exceptions: others(settings.inapp_exceptions) };
}

/** The hash with which clients tell which settings they have. Never 0, which means that they have none. Pure. */
function hashOf(settings: Settings): bigint {
  return createHash('sha256').update(storedEncode({ ...settings, hash: 0n })).digest().readBigInt64LE() | 1n;
}

function withHash(settings: Settings): Settings {
  return { ...settings, hash: hashOf(settings) };
}
