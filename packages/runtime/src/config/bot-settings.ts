import { parseNetwork } from './address.ts';
import { flagSetting, intSetting, listSetting } from './setting-types.ts';

/** Settings of the Bot API. */
export const BOT_SETTINGS = {
  botMessagesPerSecond: intSetting({
    env: 'AEROGRAM_BOT_MESSAGES_PER_SECOND',
    default: 30,
    min: 0,
    max: 100_000,
    doc: 'Messages that a bot may send over HTTP in a second, to all chats together. 0: as many as it likes.',
  }),
  botMessagesPerPerson: intSetting({
    env: 'AEROGRAM_BOT_MESSAGES_PER_PERSON',
    default: 60,
    min: 0,
    max: 100_000,
    doc: 'Messages that a bot may send over HTTP to one person in a minute; half of them at once. 0: as many as it likes.',
  }),
  botMessagesPerGroup: intSetting({
    env: 'AEROGRAM_BOT_MESSAGES_PER_GROUP',
    default: 20,
    min: 0,
    max: 100_000,
    doc: 'Messages that a bot may send over HTTP to one group or channel in a minute, also all at once. 0: as many as it likes.',
  }),
  botApiLocal: flagSetting({
    env: 'AEROGRAM_BOT_API_LOCAL',
    default: false,
    doc: 'Local mode of the Bot API, for a server on which only its operator has bots: webhooks may be at any port, over http, and in private networks, with up to 100000 connections at a time; files may be as long as those of people; and getFile gives the path of a copy on this machine (docs/bots.md).',
  }),
  botApiLocalBytes: intSetting({
    env: 'AEROGRAM_BOT_API_LOCAL_BYTES',
    default: 10_737_418_240,
    min: 1_048_576,
    max: 1_099_511_627_776,
    doc: 'Bytes of the copies of files that local mode keeps in the data directory; each of several processes has its share. Beyond it the oldest copies go before their hour is over; files that are being copied may come on top.',
  }),
  webhookNetworks: listSetting({
    env: 'AEROGRAM_WEBHOOK_NETWORKS',
    default: '',
    item: 'network, such as 192.0.2.0/24',
    parseItem: parseNetwork,
    doc: 'Networks in which webhooks of bots may be though they are not public, at any port and over http: whoever has a bot can then have any address there asked. A server that only this machine reaches (as in AEROGRAM_TEST_MODE) allows loopback addresses by itself.',
  }),
};
