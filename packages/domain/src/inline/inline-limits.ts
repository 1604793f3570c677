/** Maximum number of results of one answer. */
export const INLINE_RESULTS_MAX = 50;
/** Maximum length of a query in UTF-16 units; the rest is cut off. */
export const INLINE_QUERY_MAX = 256;
/** Maximum length of the offset at which a bot goes on, in bytes. */
export const INLINE_OFFSET_BYTES = 64;
/** Maximum length of the id of a result, in bytes. */
export const INLINE_ID_BYTES = 64;
/** Maximum length of the title of a result, in UTF-16 units; the rest is cut off. */
export const INLINE_TITLE_MAX = 256;
/** Maximum length of the description of a result, in UTF-16 units; the rest is cut off. */
export const INLINE_DESCRIPTION_MAX = 1024;
/** Maximum length of the text that leads to the chat with the bot, in UTF-16 units; the rest is cut off. */
export const SWITCH_TEXT_MAX = 64;
/** Maximum length of the parameter with which a bot is started, by a link or by its results. */
export const START_PARAM_MAX = 64;
/** For how long results are given out again at most, in seconds. */
export const CACHE_MAX_S = 24 * 3600;
/** How long a result that was shown can be sent, in seconds. */
export const SENDABLE_S = 3600;
