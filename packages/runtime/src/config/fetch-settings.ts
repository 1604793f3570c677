import { parseNetwork } from './address.ts';
import { flagSetting, listSetting } from './setting-types.ts';

/** Settings of what the server fetches from others for its users. */
export const FETCH_SETTINGS = {
  linkPreviews: flagSetting({
    env: 'AEROGRAM_LINK_PREVIEWS',
    default: true,
    doc: 'Whether the server reads the pages that messages link to, and their pictures, for previews. Only addresses of the public internet are asked (docs/messages.md), and on a server that only this machine reaches also loopback; the server needs a way out to them.',
  }),
  filesByUrl: flagSetting({
    env: 'AEROGRAM_FILES_BY_URL',
    default: true,
    doc: 'Whether the server fetches files that are sent by their URL, as bots do, and pictures of inline results, from the same addresses as pages for previews.',
  }),
  linkPreviewPorts: listSetting({
    env: 'AEROGRAM_LINK_PREVIEW_PORTS',
    default: '80,443',
    item: 'port',
    parseItem: (text) => {
      const port = Number(text);
      if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) throw new Error(`must be ports from 1 to 65535, not "${text}"`);
      return port;
    },
    doc: 'Ports on which pages and files of others are read.',
  }),
  linkPreviewNetworks: listSetting({
    env: 'AEROGRAM_LINK_PREVIEW_NETWORKS',
    default: '',
    item: 'network, such as 192.0.2.0/24',
    parseItem: parseNetwork,
    doc: 'Networks that pages and files are read from though they are not public, for tests and for pages of an own network: whoever may write messages can then ask for any page there. A server that listens on a loopback address only, without trusted proxies, allows loopback addresses by itself, at any port.',
  }),
} as const;
