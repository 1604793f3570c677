import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';

/** Maximum length of an emoji in UTF-16 units; some are sequences of a dozen. */
const EMOTICON_MAX = 32;
/** Maximum number of taps in one interaction with an animated emoji. Clients send the taps of one second together. */
const TAPS_MAX = 50;
/** Maximum time between the first and the last tap, in seconds. */
const TAP_S_MAX = 60;

/** An action without a text that is still being written: such texts are shown by bots alone. */
export type PlainAction = Exclude<tl.SendMessageAction, tl.sendMessageTextDraftAction>;

/**
 * Rebuilds an action of a request field by field for the receiver.
 * @returns undefined for actions that are shown to nobody: of group calls and imports, the texts of pages that bots are writing, and the wish that a bot stops writing
 * @throws RpcError EMOTICON_INVALID, DATA_JSON_INVALID
 * @see https://core.telegram.org/type/SendMessageAction
 */
export function rebuildAction(action: PlainAction): PlainAction | undefined {
  switch (action._) {
    case 'sendMessageTypingAction':
    case 'sendMessageCancelAction':
    case 'sendMessageRecordVideoAction':
    case 'sendMessageRecordAudioAction':
    case 'sendMessageRecordRoundAction':
    case 'sendMessageGeoLocationAction':
    case 'sendMessageChooseContactAction':
    case 'sendMessageChooseStickerAction':
    case 'sendMessageGamePlayAction':
      return { _: action._ };
    case 'sendMessageUploadVideoAction':
    case 'sendMessageUploadAudioAction':
    case 'sendMessageUploadPhotoAction':
    case 'sendMessageUploadDocumentAction':
    case 'sendMessageUploadRoundAction':
      return { _: action._, progress: Math.min(Math.max(action.progress, 0), 100) };
    case 'sendMessageEmojiInteraction':
      return { _: action._, emoticon: rebuildEmoticon(action.emoticon), msg_id: action.msg_id, interaction: rebuildInteraction(action.interaction) };
    case 'sendMessageEmojiInteractionSeen':
      return { _: action._, emoticon: rebuildEmoticon(action.emoticon) };
    case 'sendMessageHistoryImportAction':
    case 'speakingInGroupCallAction':
    case 'sendMessageRichMessageDraftAction':
    case 'inputSendMessageRichMessageDraftAction':
    case 'sendMessageStopDraftAction':
      return undefined;
  }
}

function rebuildEmoticon(text: string): string {
  const emoticon = cleanLine(text);
  if (emoticon === '' || emoticon.length > EMOTICON_MAX) throw rpcError('EMOTICON_INVALID');
  return emoticon;
}

/**
 * Rebuilds an interaction: `{ "v": 1, "a": [{ "i": animation, "t": seconds }] }`.
 * @see https://core.telegram.org/api/animated-emojis#emoji-reactions
 */
function rebuildInteraction({ data }: tl.DataJSON): tl.dataJSON {
  const { v: version, a: taps } = parseObject(data);
  if (version !== 1 || !Array.isArray(taps) || taps.length === 0 || taps.length > TAPS_MAX) throw rpcError('DATA_JSON_INVALID');
  const rebuilt = taps.map((tap: unknown) => {
    const { i: animation, t: seconds } = toObject(tap);
    const isTap = Number.isInteger(animation) && isWithin(animation, 1, 100) && isWithin(seconds, 0, TAP_S_MAX);
    if (!isTap) throw rpcError('DATA_JSON_INVALID');
    return { i: animation, t: seconds };
  });
  return { _: 'dataJSON', data: JSON.stringify({ v: 1, a: rebuilt }) };
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return toObject(JSON.parse(text));
  } catch {
    throw rpcError('DATA_JSON_INVALID');
  }
}

function toObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw rpcError('DATA_JSON_INVALID');
  return value as Record<string, unknown>;
}
