import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { type PlainAction, rebuildAction } from '../src/typing/rebuild-action.ts';

const interaction = (data: string, emoticon = '❤'): tl.sendMessageEmojiInteraction => ({
  _: 'sendMessageEmojiInteraction', emoticon, msg_id: 3, interaction: { _: 'dataJSON', data },
});
const taps = (count: number): string => JSON.stringify({ v: 1, a: Array.from({ length: count }, () => ({ i: 1, t: 0.5 })) });

describe('the action shown to a receiver', () => {
  test('is rebuilt from known fields only', () => {
    expect(rebuildAction({ _: 'sendMessageTypingAction', user_id: 1n } as PlainAction)).toEqual({ _: 'sendMessageTypingAction' });
    expect(rebuildAction({ _: 'sendMessageUploadPhotoAction', progress: -(2 ** 31) })).toEqual({ _: 'sendMessageUploadPhotoAction', progress: 0 });
    expect(rebuildAction({ _: 'sendMessageUploadVideoAction', progress: 101 })).toEqual({ _: 'sendMessageUploadVideoAction', progress: 100 });
    expect(rebuildAction(interaction('{ "v": 1, "a": [{ "i": 2, "t": 0.1, "x": "y" }], "more": [] }'))).toEqual(interaction('{"v":1,"a":[{"i":2,"t":0.1}]}'));
  });

  test.each<PlainAction>([
    { _: 'sendMessageRichMessageDraftAction', random_id: 1n, rich_message: { _: 'richMessage', blocks: [], photos: [], documents: [] } },
    { _: 'sendMessageStopDraftAction', random_id: 1n },
    { _: 'inputSendMessageRichMessageDraftAction', random_id: 1n, rich_message: { _: 'inputRichMessage', blocks: [] } },
    { _: 'speakingInGroupCallAction' },
    { _: 'sendMessageHistoryImportAction', progress: 1 },
  ])('is none for $_', (action) => {
    expect(rebuildAction(action)).toBeUndefined();
  });

  test('has limited texts', () => {
    expect(rebuildAction({ _: 'sendMessageEmojiInteractionSeen', emoticon: 'x'.repeat(32) })).toBeDefined();
    for (const emoticon of ['', ' ', 'x'.repeat(33)]) {
      expect(() => rebuildAction({ _: 'sendMessageEmojiInteractionSeen', emoticon })).toThrow('EMOTICON_INVALID');
    }
    expect(rebuildAction(interaction(taps(50)))).toBeDefined();
    for (const data of ['', 'null', '[]', '{"v":1}', '{"v":2,"a":[{"i":1,"t":0}]}', '{"v":1,"a":[]}', '{"v":1,"a":[null]}', '{"v":1,"a":[{"i":"1","t":0}]}', '{"v":1,"a":[{"i":1,"t":-1}]}', taps(51)]) {
      expect(() => rebuildAction(interaction(data)), data).toThrow('DATA_JSON_INVALID');
    }
  });
});
