/** Privacy rules: who may see, find, call or write to a user. */
export { namesGroups, NO_GROUPS, PRIVACY_KEYS, type PrivacyKey, type PrivacyRule, RULE_KINDS, type RuleKind } from './privacy-rules.ts';
export { findOwnersPrivacy, namedGroups, type OwnerPrivacy, replaceAllRules, saveSettings, UNTOUCHED } from './privacy-store.ts';
export { createPrivacy, isSeenByAll, isVisible, type KnownViewer, type Privacy, type Viewer } from './privacy.ts';
