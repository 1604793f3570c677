import { parseNetwork } from './address.ts';
import { endpointSetting, intSetting, listSetting, textSetting } from './setting-types.ts';

/** Settings of a data centre beside others (docs/data-centres.md). */
export const DC_SETTINGS = {
  dcLinkHost: textSetting({
    env: 'AEROGRAM_DC_LINK_HOST',
    default: '127.0.0.1',
    doc: 'Address of this machine to listen on for the links of the other data centres; TLS with the certificates of `aerogram dc`. The default is for data centres on one machine.',
  }),
  dcLinkPort: intSetting({
    env: 'AEROGRAM_DC_LINK_PORT',
    default: 0,
    min: 0,
    max: 65_535,
    doc: 'TCP port for the links of the other data centres; 0 takes the one of the last start, at first a free one.',
  }),
  dcLinkNetworks: listSetting({
    env: 'AEROGRAM_DC_LINK_NETWORKS',
    default: '',
    item: 'network, such as 10.8.0.0/24',
    parseItem: parseNetwork,
    doc: 'Networks in which other data centres may be reached though their addresses are not public, such as that of a VPN: they say themselves where they listen. A server whose AEROGRAM_DC_LINK_HOST is a loopback address reaches others on loopback by itself.',
  }),
  linkFramesMax: intSetting({
    env: 'AEROGRAM_DC_LINK_FRAMES_MAX',
    default: 1_000_000,
    min: 1,
    max: 1_000_000_000,
    doc: 'Most messages and other changes that wait for another data centre while it is away; with so many, what is sent to it is refused with 500.',
  }),
  linkBytesMax: intSetting({
    env: 'AEROGRAM_DC_LINK_BYTES_MAX',
    default: 2_000_000_000,
    min: 1,
    max: 1_000_000_000_000,
    doc: 'The same in bytes.',
  }),
  linkKeptBytesMax: intSetting({
    env: 'AEROGRAM_DC_LINK_KEPT_BYTES_MAX',
    default: 10_000_000_000,
    min: 1,
    max: 1_000_000_000_000,
    doc: 'Most bytes of changes of one other data centre that are kept for a week after they were applied here, to be given back to it if it loses them, and as many of those for it that it has applied, to be sent again. Beyond that the oldest are dropped earlier.',
  }),
  dcLinkAddress: endpointSetting({
    env: 'AEROGRAM_DC_LINK_ADDRESS',
    doc: 'Host and port at which the other data centres reach those links; by default those that this server listens on.',
  }),
} as const;
