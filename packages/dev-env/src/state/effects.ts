import type { tl } from '@aerogram/tl';
import type { AccountParts, Effects } from './account-parts.ts';
import { DIALOG_EFFECTS } from './dialog-effects.ts';
import { GROUP_EFFECTS } from './group-effects.ts';
import { MESSAGE_EFFECTS } from './message-effects.ts';
import { SETTINGS_EFFECTS } from './settings-effects.ts';

/** Updates that change nothing in the state kept here: a client only shows or uses them when they arrive. */
const PASSING = new Set<tl.Update['_']>(['updateUserStatus', 'updateUserTyping', 'updateChatUserTyping', 'updateChannelUserTyping', 'updateChannelMessageViews', 'updateChannelMessageForwards', 'updateReadChannelDiscussionInbox', 'updateReadChannelDiscussionOutbox', 'updatePinnedForumTopic', 'updatePinnedForumTopics', 'updateMessageID', 'updateNewAuthorization', 'updateLoginToken', 'updatePhoneCall', 'updatePhoneCallSignalingData', 'updateServiceNotification']);

const EFFECTS: Effects = { ...MESSAGE_EFFECTS, ...GROUP_EFFECTS, ...DIALOG_EFFECTS, ...SETTINGS_EFFECTS };

/** Applies an update that continues the state. One that no table knows breaks a rule of ours: whoever adds it says what it does. */
export function applyEffect(state: AccountParts, update: tl.Update): void {
  // The table has for each name an effect that takes exactly this constructor.
  const effect = EFFECTS[update._] as ((state: AccountParts, update: tl.Update) => void) | undefined;
  if (effect) effect(state, update);
  else if (!PASSING.has(update._)) state.violations.push(`${update._}: packages/dev-env/src/state does not say what it changes`);
}
