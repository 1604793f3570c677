/** Privacy rules: who may see, find, call or write to a user. */
export { projectDisallowedGifts } from './global-settings.ts';
export { PRIVACY_KEYS, type PrivacyKey, type PrivacyRule, RULE_KINDS, type RuleKind } from './privacy-rules.ts';
export { findOwnersPrivacy, type OwnerPrivacy, replaceAllRules, saveSettings, UNTOUCHED } from './privacy-store.ts';
export { createPrivacy, isSeenByAll, isVisible, type Privacy, type Viewer } from './privacy.ts';
