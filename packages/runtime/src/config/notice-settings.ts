import { parseNetwork } from './address.ts';
import { flagSetting, listSetting, optionalTextSetting } from './setting-types.ts';

/** Settings of notices for devices whose app is closed. */
export const NOTICE_SETTINGS = {
  notices: flagSetting({
    env: 'AEROGRAM_NOTICES',
    default: true,
    doc: 'Whether devices whose app is closed are told of new messages (docs/push.md): browsers by their own push services, phones by a second connection to this server or by services such as UnifiedPush.',
  }),
  noticesContact: optionalTextSetting({
    env: 'AEROGRAM_NOTICES_CONTACT',
    doc: 'How push services of browsers can reach the operator of this server: mailto: and an address, or an https address. Default: AEROGRAM_WEB_ADDRESS, if that is https, and else a made-up address, which some services refuse.',
  }),
  noticesNetworks: listSetting({
    env: 'AEROGRAM_NOTICES_NETWORKS',
    default: '',
    item: 'network, such as 192.0.2.0/24',
    parseItem: parseNetwork,
    doc: 'Networks in which push services may be though they are not public, such as an own ntfy: every user can then have any address there asked, over https. A server that only this machine reaches allows loopback addresses by itself, also over http.',
  }),
};
