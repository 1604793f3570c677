import { Long, type tl } from '@mtcute/node';

/** A message with formats of its own. */
interface FormattedPayload {
  text: string;
  /** @param length of the text */
  entities(length: number): tl.TypeMessageEntity[];
}

/** What a script would do if anything ran it: tests look for this mark. */
const HARM = 'window.__pwned=1';

/** Words that are much longer than a line. */
const LONG = 'W'.repeat(600);
const ZALGO = 'Z̴̛̪̀a̵̡͝l̷̨͠g̶̛o̴̊ '.normalize('NFD').replaceAll(/\p{M}/gu, '$&$&$&$&$&$&$&$&');

/** Markup and programs in the places where people write. */
const MARKUP = [
  `<script>${HARM}</script>`,
  `<img src=x onerror="${HARM}">`,
  `"><svg onload=${HARM}>`,
  `<svg><script>${HARM}</script></svg>`,
  `<iframe srcdoc="<script>parent.${HARM}</script>"></iframe>`,
  `<a href="javascript:${HARM}">win</a>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${HARM}>`,
  `<noscript><p title="</noscript><img src=x onerror=${HARM}>">`,
  `<style>*{display:none!important}</style>`,
  `<base href="https://example.org/">`,
  `<meta http-equiv="refresh" content="0;url=https://example.org/">`,
  `<form action="https://example.org/"><button>Send</button></form>`,
  `<template><img src=x onerror=${HARM}></template>`,
  `<!--><img src=x onerror=${HARM}>-->`,
  `\`\${${HARM}}\``,
  `{{constructor.constructor('${HARM}')()}}`,
  `';${HARM};'`,
  `</textarea></title></style><script>${HARM}</script>`,
  `&lt;script&gt;${HARM}&lt;/script&gt;`,
  `\\u003cscript\\u003e${HARM}\\u003c/script\\u003e`,
  `__proto__`,
  `constructor`,
  `{"__proto__":{"isSelf":true}}`,
  `%3Cscript%3E${HARM}%3C/script%3E`,
  `]]><script>${HARM}</script>`,
] as const;

/** Texts that try to break the lines around them, or to be read as something else. */
const SHAPES = [
  LONG,
  `https://example.org/${'a'.repeat(600)}`,
  `${'a.'.repeat(300)}example`,
  ZALGO.repeat(10),
  '\u202Eelpmaxe.live//:sptth',
  'abc\u202Edef\u2066ghi\u202Bjkl',
  '\u2066\u2066\u2066\u2066never ended',
  '\u200F\u061C\u200E',
  'مرحبا https://example.org/ عالم <script> 123',
  'שלום (1) <b>[2]</b> abc',
  '\u200B\u200B\u200B.',
  '\u00AD\u2060\uFEFFinvisible',
  '﷽'.repeat(40),
  '𒐫'.repeat(80),
  '👩‍👩‍👧‍👦'.repeat(60),
  '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}',
  '\u{E0001}\u{E0041}\u{E0042}tags',
  `${'\n'.repeat(40)}after many lines`,
  'tab\tseparated\t\t\ttext',
  'A\u0000B\u0001C\u001B[31mred',
  'line\u2028separator\u2029paragraph',
  '\uFFFD\uFFFE\u{1FFFE}',
  'x'.repeat(4000),
  `${'| - '.repeat(200)}|`,
  '１２３ ｆｕｌｌ ｗｉｄｔｈ '.repeat(20),
  'ᄀᄀᄀ각ᆨᆨ'.repeat(40),
  'ꙮ'.repeat(100),
] as const;

/** What looks like the address of a page, and what a browser must not be sent to. Where the server finds links, they must lead where they say. */
const ADDRESSES = [
  `javascript:${HARM}`,
  `JaVaScRiPt:${HARM}`,
  `java\tscript:${HARM}`,
  `data:text/html,<script>${HARM}</script>`,
  `vbscript:${HARM}`,
  'file:///etc/passwd',
  'blob:http://localhost/0000',
  'filesystem:http://localhost/temporary/x.html',
  'view-source:https://example.org/',
  'intent://example.org/#Intent;scheme=http;end',
  'ms-settings:privacy',
  'chrome://settings',
  'ftp://example.org/',
  'https://example.org@evil.example/',
  'https://exаmple.org/',
  'https://xn--exmple-4nf.org/',
  'https://example.org\\@evil.example/',
  'https://example.org/\u202Egpj.exe',
  'http://[::1]/',
  'https://example.org/#/settings/devices',
  'tg://resolve?domain=javascript:alert(1)',
  'tg://join?invite=../../../x',
  't.me/../../assets/x',
  't.me/+"><script>',
  'mailto:a@example.org?subject=x&body=<script>',
  'tel:+1%22onclick%3D',
  '//example.org/x',
  'https://',
  'https:///',
  'http://%00/',
] as const;

/** Addresses behind a text that says something else. */
const LINKS: readonly FormattedPayload[] = ADDRESSES.map((url) => ({ text: 'https://bank.example/', entities: (length) => [{ _: 'messageEntityTextUrl', offset: 0, length, url }] }));

const KINDS = ['messageEntityBold', 'messageEntityItalic', 'messageEntityUnderline', 'messageEntityStrike', 'messageEntitySpoiler', 'messageEntityCode', 'messageEntityBlockquote'] as const;

const words = 'one two three four five six';

/** Formats in shapes that no honest client makes. */
const FORMATS: readonly FormattedPayload[] = [
  { text: `all at once ${MARKUP[1]}`, entities: (length) => KINDS.map((_) => ({ _, offset: 0, length })) },
  { text: words, entities: () => KINDS.map((_, index) => ({ _, offset: index * 2, length: 10 })) },
  { text: words, entities: () => KINDS.map((_, index) => ({ _, offset: index, length: 20 - 2 * index })) },
  { text: words, entities: () => [{ _: 'messageEntityBold', offset: 20, length: 2_000_000_000 }] },
  { text: words, entities: () => [{ _: 'messageEntityBold', offset: -5, length: 10 }] },
  { text: words, entities: () => [{ _: 'messageEntityBold', offset: 2_000_000_000, length: 10 }] },
  { text: words, entities: () => [{ _: 'messageEntityItalic', offset: 3, length: -2 }] },
  { text: words, entities: () => [{ _: 'messageEntityItalic', offset: 3, length: 0 }] },
  { text: '👩‍👩‍👧 cut in the middle', entities: () => [{ _: 'messageEntityBold', offset: 1, length: 2 }] },
  { text: words, entities: (length) => [{ _: 'messageEntityPre', offset: 0, length, language: `"><script>${HARM}</script>` }] },
  { text: words, entities: (length) => [{ _: 'messageEntityPre', offset: 0, length, language: LONG }] },
  { text: LONG, entities: (length) => [{ _: 'messageEntityPre', offset: 0, length, language: '' }] },
  { text: LONG, entities: (length) => [{ _: 'messageEntityCode', offset: 0, length }] },
  { text: 'line\n'.repeat(60), entities: () => [{ _: 'messageEntityBlockquote', offset: 0, length: 299, collapsed: true }] },
  { text: 'quotes '.repeat(30), entities: () => Array.from({ length: 30 }, (_, index) => ({ _: 'messageEntityBlockquote' as const, offset: index * 7, length: 7 })) },
  { text: words, entities: (length) => Array.from({ length: 90 }, () => ({ _: 'messageEntityBold' as const, offset: 0, length })) },
  { text: words, entities: (length) => [{ _: 'messageEntityMentionName', offset: 0, length, userId: 1 }] },
  { text: `@${'a'.repeat(40)} #${'b'.repeat(300)} $TOOLONGER /command@bot 4242 4242 4242 4242`, entities: () => [] },
  { text: 'a link in a link', entities: (length) => [{ _: 'messageEntityTextUrl', offset: 0, length, url: 'https://example.org/' }, { _: 'messageEntityTextUrl', offset: 2, length: 4, url: `javascript:${HARM}` }] },
];

/** Messages that must be shown without running anything or breaking the layout, or be refused by the server. */
export const HOSTILE_MESSAGES: readonly FormattedPayload[] = [...[...MARKUP, ...SHAPES, ...ADDRESSES].map((text) => ({ text, entities: () => [] })), ...FORMATS, ...LINKS];

/** Names of people, and titles of groups. */
export const HOSTILE_NAMES: readonly string[] = [
  MARKUP[1],
  MARKUP[2],
  'W'.repeat(64),
  ZALGO.slice(0, 60),
  'gpj\u202Eexe.',
  'first\nsecond\u2028third',
  'مدير \u200F(1)',
];

/** What people say about themselves, and what groups, places and pages are called: anything goes. */
export const HOSTILE_LINE = `${MARKUP[2]} ${'W'.repeat(30)} \u202Egpj`;

/** Polls: one in which one can vote, and one that shows its results and why they are so. */
export const HOSTILE_POLLS: readonly tl.RawInputMediaPoll[] = [false, true].map((closed) => ({
  _: 'inputMediaPoll',
  poll: {
    _: 'poll',
    id: Long.ZERO,
    hash: Long.ZERO,
    closed,
    quiz: closed,
    multipleChoice: !closed,
    question: { _: 'textWithEntities', text: HOSTILE_LINE, entities: [] },
    answers: [MARKUP[1], 'W'.repeat(100)].map((text) => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text: text.slice(0, 100), entities: [] } })),
  },
  ...(closed ? { correctAnswers: [0], solution: HOSTILE_LINE, solutionEntities: [{ _: 'messageEntityTextUrl', offset: 0, length: HOSTILE_LINE.length, url: `javascript:${HARM}` }] } : {}),
}));
