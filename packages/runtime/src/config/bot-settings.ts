import { intSetting } from './setting-types.ts';

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
};
