/** The deepest nesting of a value: requests that make sense have less than ten levels. */
const DEPTH_MAX = 64;
/** The most values inside of a value: the largest requests that make sense have less than half as many. */
const VALUES_MAX = 100_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Says whether JSON that somebody else wrote is nested too deeply, or has too many values, to be worked with. It is asked before anything is
 * parsed: a short text can be millions of values, and each takes far more time and memory than its characters.
 * @returns undefined for JSON that can be parsed, and for some texts that are no JSON
 */
export function findJsonExcess(text: string): 'deep' | 'large' | undefined {
  let [depth, values] = [0, 1];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        values++;
        if (++depth > DEPTH_MAX) return 'deep';
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--;
        break;
      case COMMA:
        values++;
        break;
      default:
    }
    if (values > VALUES_MAX) return 'large';
  }
  return undefined;
}

/** Where the string ends that begins at a place; the end of the text if it does not. */
function endOfString(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
