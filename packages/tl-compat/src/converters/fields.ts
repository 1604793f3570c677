// Register of hand-written fields: newest object → one field of an old form; the other fields are taken as they are.
// `npm run codegen` reads the keys from here and says which are missing.
import type { Fields } from '../generated/old-forms.ts';
import * as chats from './chats.ts';
import * as media from './media.ts';
import * as payments from './payments.ts';
import * as polls from './polls.ts';
import * as settings from './settings.ts';
import { allowedEmoji } from './reactions.ts';

export const FIELDS: Fields = {
  'attachMenuBot#c8aa2cd2.peer_types': (o) => o.peer_types ?? [],
  'channel#e00998b7.stories_max_id': (o) => o.stories_max_id?.max_id,
  'channelAdminLogEventActionChangeAvailableReactions#9cf7f76a.prev_value': (o) => allowedEmoji(o.prev_value) ?? [],
  'channelAdminLogEventActionChangeAvailableReactions#9cf7f76a.new_value': (o) => allowedEmoji(o.new_value) ?? [],
  'channelFull#ea68a619.available_reactions': (o) => allowedEmoji(o.available_reactions),
  'channels.sendAsPeers#8356cda9.peers': (o) => o.peers.map((sendAs) => sendAs.peer),
  'chatFull#d18ee226.available_reactions': (o) => allowedEmoji(o.available_reactions),
  'config#330b4067.phonecalls_enabled': () => true,
  'config#330b4067.saved_gifs_limit': () => settings.SAVED_GIFS_LIMIT,
  'config#330b4067.stickers_faved_limit': () => settings.FAVED_STICKERS_LIMIT,
  'config#330b4067.pinned_dialogs_count_max': () => settings.PINNED_DIALOGS_LIMIT,
  'config#330b4067.pinned_infolder_count_max': () => settings.PINNED_IN_FOLDER_LIMIT,
  'dialogFilter#7438f7e8.title': (o) => o.title.text,
  'documentAttributeVideo#0ef02ce6.duration': (o) => Math.ceil(o.duration),
  'draftMessage#fd8e711f.reply_to_msg_id': (o) => (o.reply_to?._ === 'inputReplyToMessage' ? o.reply_to.reply_to_msg_id : undefined),
  'globalPrivacySettings#bea2f424.archive_and_mute_new_noncontact_peers': (o) => o.archive_and_mute_new_noncontact_peers === true,
  'help.premiumPromo#8a4f3c29.currency': (o) => settings.monthlyOption(o)?.currency ?? 'USD',
  'help.premiumPromo#8a4f3c29.monthly_amount': (o) => settings.monthlyOption(o)?.amount ?? 0n,
  'inputMediaPoll#0f94e5f1.correct_answers': polls.correctOptions,
  // Only recurring invoices had terms, under the bit that also says that they recur.
  'invoice#3e85a91b.recurring_terms_url': (o) => (o.recurring ? (o.terms_url ?? '') : undefined),
  'messageActionGiftCode#56d03994.months': (o) => payments.monthsOf(o.days),
  'messageActionGiftPremium#6c6274fa.months': (o) => payments.monthsOf(o.days),
  'messageActionGiftPremium#aba0f5c6.months': (o) => payments.monthsOf(o.days),
  'messages.votesList#0823f649.votes': polls.votesOfUsers,
  'pageListOrderedItemBlocks#98dd8936.num': (o) => o.num ?? '',
  'pageListOrderedItemText#5e068047.num': (o) => o.num ?? '',
  'payments.checkedGiftCode#284a1096.months': (o) => payments.monthsOf(o.days),
  'poll#86e18161.question': (o) => o.question.text,
  'pollAnswer#6ca9c2e9.text': (o) => o.text.text,
  'pollAnswerVoters#3b6ddad2.voters': (o) => o.voters ?? 0,
  'pollResults#dcb82ea3.recent_voters': polls.recentUsers,
  'starGiftAttributeBackdrop#94271762.rarity_permille': (o) => payments.permilleOf(o.rarity),
  'starGiftAttributeModel#39d99013.rarity_permille': (o) => payments.permilleOf(o.rarity),
  'starGiftAttributePattern#13acff19.rarity_permille': (o) => payments.permilleOf(o.rarity),
  'starsTransaction#64dfc926.stars': (o) => o.amount,
  'stats.broadcastStats#bdf78394.recent_message_interactions': media.messageInteractions,
  'updateGroupCall#97d64341.chat_id': (o) => chats.bareChatId(o.peer),
  'updatePaidReactionPrivacy#51ca7aec.private': (o) => o.private._ === 'paidReactionPrivacyAnonymous',
  'updatePeerBlocked#246a4b22.blocked': (o) => o.blocked === true,
  'updateUserName#c3f202e0.username': (o) => o.usernames.find((name) => name.active)?.username ?? '',
  'urlAuthResultAccepted#8f8c0e4e.url': (o) => o.url ?? '',
  'user#4b46c37e.stories_max_id': (o) => o.stories_max_id?.max_id,
  'userFull#4d975bbc.theme_emoticon': (o) => chats.themeEmoticon(o.theme),
  'userFull#c4b1fc3f.theme_emoticon': (o) => chats.themeEmoticon(o.theme),
  'webViewResultUrl#0c14557c.query_id': (o) => o.query_id ?? 0n,
};
