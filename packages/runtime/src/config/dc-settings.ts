import { endpointSetting, intSetting, textSetting } from './setting-types.ts';

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
  dcLinkAddress: endpointSetting({
    env: 'AEROGRAM_DC_LINK_ADDRESS',
    doc: 'Host and port at which the other data centres reach those links; by default those that this server listens on.',
  }),
  linkFramesMax: intSetting({
    env: 'AEROGRAM_DC_WAITING_FRAMES_MAX',
    default: 1_000_000,
    min: 1_000,
    max: 100_000_000,
    doc: 'Changes that may wait for another data centre that is away, one for each message or other act; then what people do to somebody there is refused.',
  }),
  linkBytesMax: intSetting({
    env: 'AEROGRAM_DC_WAITING_BYTES_MAX',
    default: 2_147_483_648,
    min: 1_048_576,
    max: 1_099_511_627_776,
    doc: 'Bytes that may wait for another data centre; see AEROGRAM_DC_WAITING_FRAMES_MAX.',
  }),
} as const;
