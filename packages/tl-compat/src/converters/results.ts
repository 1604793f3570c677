// Old result types of methods, created from the newest results.
import type { tl } from '@aerogram/tl';
import type { Results } from '../generated/old-forms.ts';
import { userStarGifts } from './payments.ts';

export const RESULTS: Results = {
  // Follow-up questions have no old form: an old client considers the report done.
  'ReportResult → Bool': () => true,
  // Messages in calls had no ids: the caller only learns that it was sent.
  'Updates → Bool': () => true,
  'Vector<ReadParticipantDate> → Vector<long>': (value) => value.map((reader) => reader.user_id),
  'Vector<RecentStory> → Vector<int>': (value) => value.map((story) => story.max_id ?? 0),
  'Vector<RequirementToContact> → Vector<Bool>': (value) => value.map((requirement) => requirement._ === 'requirementToContactPremium'),
  'WebViewResult → AppWebViewResult': (value) => ({ _: 'appWebViewResultUrl#3c1b4f0d', url: value.url }),
  'WebViewResult → SimpleWebViewResult': (value) => ({ _: 'simpleWebViewResultUrl#882f76bb', url: value.url }),
  'account.EmailVerified → Bool': () => true,
  // Old requests have no hash, so the answer always contains the config.
  'help.AppConfig → JSONValue': (value) => (value._ === 'help.appConfig' ? value.config : { _: 'jsonObject', value: [] }),
  'messages.ChatInviteJoinResult → Updates': (value) => (value._ === 'messages.chatInviteJoinResultOk' ? value.updates : undefined),
  'messages.DialogFilters → Vector<DialogFilter>': (value) => value.filters,
  'messages.InvitedUsers → Updates': (value) => value.updates,
  'messages.WebPage → WebPage': (value) => value.webpage,
  'messages.WebPagePreview → MessageMedia': (value) => value.media,
  'payments.SavedStarGifts → payments.UserStarGifts': userStarGifts,
  'stats.PublicForwards → messages.Messages': ({ count, forwards, chats, users }) => ({
    _: 'messages.messagesSlice',
    count,
    messages: forwards.flatMap((forward): tl.Message[] => (forward._ === 'publicForwardMessage' ? [forward.message] : [])),
    topics: [],
    chats,
    users,
  }),
  'stories.CanSendStoryCount → Bool': (value) => value.count_remains > 0,
};
