/** The deepest nesting of a value: requests that make sense have less than ten levels. */
const DEPTH_MAX = 64;
/** The most values inside of a value: the largest requests that make sense, fifty results with full keyboards, have somewhat more than half as many. */
const VALUES_MAX = 30_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, OPEN_OBJECT] = [0x5b, 0x7b];

/** What is counted. Everything between is passed over without a step for each character. */
const COUNTED = /["[\]{},]/g;

/**
 * Says whether JSON that somebody else wrote is nested too deeply, or has too many values, to be worked with. It is asked before anything is
 * parsed: a short text can be millions of values, and each takes far more time and memory than its characters.
 * @param valuesMax the most values inside of a value
 * @returns undefined for JSON that can be parsed, and for some texts that are no JSON
 */
export function findJsonExcess(text: string, valuesMax = VALUES_MAX): 'deep' | 'large' | undefined {
  // Each value may have a name.
  const stringsMax = 2 * valuesMax;
  let [depth, values, strings] = [0, 1, 0];
  COUNTED.lastIndex = 0;
  while (COUNTED.test(text)) {
    const at = COUNTED.lastIndex - 1;
    switch (text.charCodeAt(at)) {
      case QUOTE:
        strings++;
        COUNTED.lastIndex = endOfString(text, at) + 1;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        values++;
        if (++depth > DEPTH_MAX) return 'deep';
        break;
      case COMMA:
        values++;
        break;
      default:
        // Nothing is open that could be closed, so it is no JSON.
        if (--depth < 0) return undefined;
    }
    if (values > valuesMax || strings > stringsMax) return 'large';
  }
  return undefined;
}

/** Where the string ends that begins at a place; the end of the text if it does not. */
function endOfString(text: string, begin: number): number {
  const quote = text.indexOf('"', begin + 1);
  if (quote === -1) return text.length;
  if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  // The quote may be escaped. A search for the next one would be slow for millions of them, so it goes by character.
  for (let at = text.indexOf('\\', begin + 1); at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
