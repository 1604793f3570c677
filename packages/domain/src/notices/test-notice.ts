import type { NoticePayload } from './write-notice.ts';

/** Stands in place of a message's id in a notice by which an operator tries a device. */
export const TEST_MSG_ID = 0;

/** What a device is told by which an operator tries whether notices arrive. Pure. */
export function writeTestNotice(ownerId: bigint): NoticePayload {
  return {
    loc_key: 'MESSAGE_ANNOUNCEMENT',
    loc_args: [],
    user_id: String(ownerId),
    custom: {},
    title: 'Aerogram',
    description: 'This is a test: notices arrive on this device.',
    mute: '0',
    random_id: '0',
    sound: 'default',
  };
}
