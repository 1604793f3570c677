/** Maximum number of buttons of a keyboard. */
export const BUTTONS_MAX = 100;
/** Maximum length of the data of a button, in bytes. */
export const BUTTON_DATA_MAX = 64;
/** Maximum length of the text of a button, in UTF-16 units. */
export const BUTTON_TEXT_MAX = 256;
/** Maximum length of an address that a button opens, in UTF-16 units. */
export const BUTTON_URL_MAX = 2048;
/** Maximum length of what a button copies or asks an inline bot, in UTF-16 units. */
export const BUTTON_PAYLOAD_MAX = 256;
/** Maximum length of the hint in the empty text field, in UTF-16 units. */
export const PLACEHOLDER_MAX = 64;
/** How many peers one button may ask for. */
export const REQUESTED_MAX = 10;
/** Maximum size of a keyboard in bytes, as it is stored. */
export const MARKUP_BYTES_MAX = 10 * 1024;
