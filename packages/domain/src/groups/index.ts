/** Operations on basic groups, except sending messages to them. */
export { allowsReactions, customEmojiAllowed, packReactionSettings, projectAllowedReactions, sameReactions, UNIQUE_REACTIONS_MAX } from './allowed-reactions.ts';
export { checkedGroupAbout, checkedRank, checkedTitle } from './check-group-text.ts';
export { checkBots, findInvitees, type Invitee, type InviteeDeps, peopleOf, projectMissingInvitees } from './invitees.ts';
export { type Acting as GroupActing, changeGroup, type GroupChange, type GroupChangeDeps, type GroupOutcome } from './group-change.ts';
export { Groups, type Invitation } from './groups.ts';
export { setPhoto } from './set-photo.ts';
