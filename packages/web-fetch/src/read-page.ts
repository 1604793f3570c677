import { Parser } from 'htmlparser2';

/** What a page says about itself. Texts are plain, trimmed, of limited length, and in one line except for descriptions. */
export interface PageFacts {
  title?: string;
  description?: string;
  siteName?: string;
  author?: string;
  /** Open Graph type, such as 'article' or 'video.other'. */
  type?: string;
  /** The http or https URL of its picture. */
  pictureUrl?: string;
}

/** Maximum lengths in UTF-16 units. */
const LONGEST = { title: 256, description: 1024, siteName: 64, author: 128, type: 32 } as const;
/** Parsed at a time, so that little after the head is parsed. */
const STEP = 16_384;

const TITLE_READ = 4096;
/** No head is nested this deeply; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 100;

/** The sources of each field, best first. */
const SOURCES: Readonly<Record<keyof typeof LONGEST, readonly string[]>> = {
  title: ['og:title', 'twitter:title', 'title', 'dc.title'],
  description: ['og:description', 'twitter:description', 'description', 'dc.description'],
  siteName: ['og:site_name', 'application-name'],
  author: ['author', 'article:author', 'dc.creator'],
  type: ['og:type'],
};
/** The sources of the URL of the picture, best first. */
const PICTURE_SOURCES = ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src', 'image_src'];

const WANTED = new Set([...Object.values(SOURCES).flat(), ...PICTURE_SOURCES]);
/** Longest URL of a picture, in UTF-16 units. */
const LONGEST_URL = 2048;

/**
 * Reads the head of an HTML page: Open Graph, Twitter cards, and standard tags. The time grows linearly with the length, whatever the text
 * is.
 * @param hostname name of the site if the page does not give one
 * @param base the URL of the page, to which that of its picture may be relative
 * @returns undefined when there is no preview
 */
export function readPage(html: string, hostname: string, base?: string): PageFacts | undefined {
  const found = new Map<string, string>();
  let isDone = false;
  let depth = 0;
  let title: string | undefined;
  const note = (key: string, value: string): void => {
    if (!isDone && WANTED.has(key) && !found.has(key) && value.trim() !== '') found.set(key, value);
  };
  const parser = new Parser({
    onopentag(name, { property, name: named, itemprop, content, rel, href }) {
      depth++;
      if (name === 'body' || depth > MAX_DEPTH) isDone = true;
      else if (name === 'title' && !found.has('title')) title = '';
      else if (name === 'link' && rel?.trim().toLowerCase() === 'image_src' && href !== undefined) note('image_src', href);
      else if (name === 'meta' && content !== undefined) for (const key of [property, named, itemprop]) if (key !== undefined) note(key.trim().toLowerCase(), content);
    },
    ontext(text) {
      if (title !== undefined && !isDone && title.length < TITLE_READ) title += text;
    },
    onclosetag(name) {
      depth--;
      if (name === 'title' && title !== undefined) {
        note('title', title);
        title = undefined;
      }
      if (name === 'head') isDone = true;
    },
  });
  for (let at = 0; at < html.length && !isDone; at += STEP) parser.write(html.slice(at, at + STEP));
  parser.end();

  const facts: PageFacts = {};
  for (const [fact, keys] of Object.entries(SOURCES) as [keyof typeof SOURCES, string[]][]) {
    const key = keys.find((candidate) => found.has(candidate));
    const text = key === undefined ? '' : clean(found.get(key)!, LONGEST[fact], fact === 'description');
    if (text !== '') facts[fact] = text;
  }
  // The author is often a link to a profile.
  if (facts.author !== undefined && /^https?:/i.test(facts.author)) delete facts.author;
  const pictureUrl = findPictureUrl(found, base);
  if (pictureUrl !== undefined) facts.pictureUrl = pictureUrl;
  if (facts.title === undefined && facts.description === undefined && pictureUrl === undefined) return undefined;
  return { ...facts, siteName: facts.siteName ?? hostname.replace(/^www\./, '') };
}

/** The best URL of a picture that could be fetched. */
function findPictureUrl(found: ReadonlyMap<string, string>, base: string | undefined): string | undefined {
  for (const key of PICTURE_SOURCES) {
    const written = found.get(key)?.trim();
    if (written === undefined || written.length > LONGEST_URL || !URL.canParse(written, base)) continue;
    const { protocol, href } = new URL(written, base);
    if (protocol === 'http:' || protocol === 'https:') return href;
  }
  return undefined;
}

/** Returns plain text of limited length, without characters that change the text direction around it. */
function clean(raw: string, longest: number, keepsLines: boolean): string {
  const text = raw
    .slice(0, longest * 8)
    .replaceAll(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  const lines = keepsLines ? text.replaceAll(/ {2,}/g, ' ').replaceAll(/ ?\n[\n ]*/g, '\n') : text.replaceAll(/\s+/g, ' ');
  const whole = lines.trim().replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  if (whole.length <= longest) return whole;
  return `${whole.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}
