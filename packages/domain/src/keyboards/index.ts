/** Keyboards of bots: buttons below a message, and in place of the keys of a phone. */
export { BUTTON_DATA_MAX, BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, BUTTONS_MAX, REQUESTED_MAX } from './markup-limits.ts';
export { emojiInMarkup, rebuildArrivedMarkup, rebuildMarkup, type MarkupPlace } from './rebuild-markup.ts';
export { forwardMarkup, projectMarkup } from './project-markup.ts';
export { findCallbackButton } from './find-callback-button.ts';
export { findRequestKey } from './find-request-key.ts';
