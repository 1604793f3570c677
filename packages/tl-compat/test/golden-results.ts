// Results of methods that had another type in an older layer.
import type { tl } from '@aerogram/tl';
import { parseType, type TypeRef } from '@aerogram/tl-codegen';
import type { LayerCodec } from '@aerogram/tl-compat';

export interface ResultCase {
  layer: number;
  /** The result type in the layer. */
  type: TypeRef;
  encode: (codec: LayerCodec) => Uint8Array;
  sees: unknown;
}

const empty: tl.updates = { _: 'updates', updates: [], users: [], chats: [], date: 1, seq: 0 };
const message: tl.messageEmpty = { _: 'messageEmpty', id: 4 };

export const RESULT_CASES: Record<string, ResultCase> = {
  'account.verifyEmail': { layer: 144, type: parseType('Bool'), encode: (c) => c.encodeResult('account.verifyEmail', { _: 'account.emailVerified', email: 'a@b' }), sees: true },
  'channels.inviteToChannel': { layer: 144, type: parseType('Updates'), encode: (c) => c.encodeResult('channels.inviteToChannel', { _: 'messages.invitedUsers', updates: empty, missing_invitees: [] }), sees: empty },
  'messages.importChatInvite': { layer: 198, type: parseType('Updates'), encode: (c) => c.encodeResult('messages.importChatInvite', { _: 'messages.chatInviteJoinResultOk', updates: empty }), sees: empty },
  'help.getAppConfig': { layer: 144, type: parseType('JSONValue'), encode: (c) => c.encodeResult('help.getAppConfig', { _: 'help.appConfig', hash: 1, config: { _: 'jsonObject', value: [] } }), sees: { _: 'jsonObject', value: [] } },
  'messages.getDialogFilters': { layer: 144, type: parseType('Vector<DialogFilter>'), encode: (c) => c.encodeResult('messages.getDialogFilters', { _: 'messages.dialogFilters', filters: [{ _: 'dialogFilterDefault' }] }), sees: [{ _: 'dialogFilterDefault' }] },
  'messages.getMessageReadParticipants': { layer: 144, type: parseType('Vector<long>'), encode: (c) => c.encodeResult('messages.getMessageReadParticipants', [{ _: 'readParticipantDate', user_id: 7n, date: 1 }]), sees: [7n] },
  'messages.getWebPage': { layer: 144, type: parseType('WebPage'), encode: (c) => c.encodeResult('messages.getWebPage', { _: 'messages.webPage', webpage: { _: 'webPageEmpty', id: 5n }, chats: [], users: [] }), sees: { _: 'webPageEmpty', id: 5n } },
  'messages.getWebPagePreview': { layer: 144, type: parseType('MessageMedia'), encode: (c) => c.encodeResult('messages.getWebPagePreview', { _: 'messages.webPagePreview', media: { _: 'messageMediaEmpty' }, chats: [], users: [] }), sees: { _: 'messageMediaEmpty' } },
  'messages.report': { layer: 144, type: parseType('Bool'), encode: (c) => c.encodeResult('messages.report', { _: 'reportResultReported' }), sees: true },
  'messages.requestAppWebView': { layer: 181, type: parseType('AppWebViewResult'), encode: (c) => c.encodeResult('messages.requestAppWebView', { _: 'webViewResultUrl', url: 'https://u' }), sees: { _: 'appWebViewResultUrl', url: 'https://u' } },
  'messages.requestSimpleWebView': { layer: 144, type: parseType('SimpleWebViewResult'), encode: (c) => c.encodeResult('messages.requestSimpleWebView', { _: 'webViewResultUrl', url: 'https://u' }), sees: { _: 'simpleWebViewResultUrl', url: 'https://u' } },
  'payments.getSavedStarGifts': {
    layer: 189,
    type: parseType('payments.UserStarGifts'),
    encode: (c) => c.encodeResult('payments.getSavedStarGifts', {
      _: 'payments.savedStarGifts', count: 1, chats: [], users: [],
      gifts: [{ _: 'savedStarGift', unsaved: true, from_id: { _: 'peerUser', user_id: 7n }, date: 2, msg_id: 3, gift: { _: 'starGift', id: 1n, sticker: { _: 'documentEmpty', id: 3n }, stars: 2n, convert_stars: 3n } }],
    }),
    sees: { _: 'payments.userStarGifts', count: 1, gifts: [{ _: 'userStarGift', unsaved: true, from_id: 7n, msg_id: 3, gift: { id: 1n, stars: 2n } }] },
  },
  'phone.sendGroupCallMessage': { layer: 216, type: parseType('Bool'), encode: (c) => c.encodeResult('phone.sendGroupCallMessage', empty), sees: true },
  'stats.getMessagePublicForwards': {
    layer: 144,
    type: parseType('messages.Messages'),
    encode: (c) => c.encodeResult('stats.getMessagePublicForwards', { _: 'stats.publicForwards', count: 9, forwards: [{ _: 'publicForwardMessage', message }], chats: [], users: [] }),
    sees: { _: 'messages.messagesSlice', count: 9, messages: [message] },
  },
  'stories.canSendStory': { layer: 198, type: parseType('Bool'), encode: (c) => c.encodeResult('stories.canSendStory', { _: 'stories.canSendStoryCount', count_remains: 2 }), sees: true },
  'stories.getPeerMaxIDs': { layer: 198, type: parseType('Vector<int>'), encode: (c) => c.encodeResult('stories.getPeerMaxIDs', [{ _: 'recentStory', max_id: 3 }, { _: 'recentStory' }]), sees: [3, 0] },
  'stories.report': { layer: 185, type: parseType('Bool'), encode: (c) => c.encodeResult('stories.report', { _: 'reportResultReported' }), sees: true },
  'users.getRequirementsToContact': { layer: 198, type: parseType('Vector<Bool>'), encode: (c) => c.encodeResult('users.getRequirementsToContact', [{ _: 'requirementToContactPremium' }, { _: 'requirementToContactEmpty' }]), sees: [true, false] },
};
