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
  noticesPlain: flagSetting({
    env: 'AEROGRAM_NOTICES_PLAIN',
    default: false,
    doc: 'Whether apps of iPhones that have given no secret get the texts of messages, which Apple can read. Otherwise they are told "You have a new message". Texts for all other apps are encrypted always.',
  }),
  fcmKeyFile: optionalTextSetting({
    env: 'AEROGRAM_FCM_KEY_FILE',
    doc: 'The JSON file of a service account of Firebase, for Android apps that were built with your own project of Firebase (docs/push.md).',
  }),
  apnsKeyFile: optionalTextSetting({
    env: 'AEROGRAM_APNS_KEY_FILE',
    doc: 'The key (.p8) by which notices are sent to an app of iPhones that you build. The three settings below belong to it.',
  }),
  apnsKeyId: optionalTextSetting({ env: 'AEROGRAM_APNS_KEY_ID', doc: 'The id of that key, ten characters.' }),
  apnsTeamId: optionalTextSetting({ env: 'AEROGRAM_APNS_TEAM_ID', doc: 'The id of your team at Apple, ten characters.' }),
  apnsTopic: optionalTextSetting({ env: 'AEROGRAM_APNS_TOPIC', doc: 'The bundle of the app, such as org.example.chat.' }),
  noticesRelay: optionalTextSetting({
    env: 'AEROGRAM_NOTICES_RELAY',
    doc: 'The https address of a relay: whoever builds an app and has its keys sends notices for you (docs/push.md). It sees tokens, sizes and times, and no contents. Used for types of tokens for which there is no key here.',
  }),
  noticesRelayKey: optionalTextSetting({ env: 'AEROGRAM_NOTICES_RELAY_KEY', secret: true, doc: 'The key by which the relay knows this server.' }),
};
