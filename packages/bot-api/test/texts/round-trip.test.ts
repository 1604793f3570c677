import { expect, test } from 'vitest';

import { BotError } from '../../src/bot-error.ts';
import { projectEntities } from '../../src/texts/entity-objects.ts';
import { paramsOf } from '../../src/params/params.ts';
import { type InputText, readText, TEXT_NAMES } from '../../src/texts/read-text.ts';

/** The marks around an entity, by style, and what may stand in between. */
const PAIRS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  HTML: [
    ['<b>', '</b>'], ['<i>', '</>'], ['<u>', '</u>'], ['<a href="example.org">', '</a>'], ['<a href="tg://user?id=7">', '</a>'], ['<pre>', '</pre>'],
    ['<code class="language-c">', '</code>'], ['<blockquote expandable>', '</blockquote>'], ['<tg-emoji emoji-id="5">', '</tg-emoji>'],
    ['<tg-time unix="5" format="wd">', '</tg-time>'], ['<span class="tg-spoiler">', '</span>'],
  ],
  MarkdownV2: [
    ['*', '*'], ['_', '_\r'], ['__', '__'], ['~', '~'], ['||', '||'], ['`', '`'], ['```', '```'], ['```c\n', '```'], ['[', '](example.org)'], ['[', '](tg://user?id=7)'],
    ['![', '](tg://emoji?id=5)'], ['![', '](tg://time?unix=5)'], ['\n>', '\n'], ['\n**>', '||\n'],
  ],
  Markdown: [['*', '*'], ['_', '_'], ['`', '`'], ['```', '```'], ['```c\n', '```'], ['[', '](example.org)'], ['[', '](tg://user?id=7)']],
};
const PLAIN = ['', ' ', '\n', 'a', 'é', '😀', '&lt;', '\\_', '=', '\\', '>'];

test.each(Object.keys(PAIRS))('%s: whatever markup gives can be given as entities, with the same result', (parse_mode) => {
  const pairs = PAIRS[parse_mode]!;
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const write = (depth: number): string => {
    const [start, end] = pairs[random(pairs.length)]!;
    // Most plain pieces are allowed everywhere; some break the markup.
    const content = depth === 0 ? PLAIN[random(random(3) === 0 ? PLAIN.length : 6)]! : `${write(depth - 1)}${PLAIN[random(6)]!}${random(2) === 0 ? write(depth - 1) : ''}`;
    return random(30) === 0 ? start + content : start + content + end;
  };
  let marked = 0;
  let refusals = 0;
  for (let round = 0; round < 3000; round++) {
    const text = write(random(3));
    const read = readOrRefuse(text, parse_mode);
    if (read === undefined) refusals++;
    if (read === undefined || read.entities.length === 0) continue;
    marked++;
    const entities = projectEntities(read.entities, (userId) => ({ id: Number(userId) }));
    expect(readText(paramsOf({ text: read.message, entities }), TEXT_NAMES), text).toEqual(read);
  }
  expect(marked).toBeGreaterThan(500);
  expect(refusals).toBeGreaterThan(100);
});

/** What a text with markup gives; undefined if it is refused. */
function readOrRefuse(text: string, parse_mode: string): InputText | undefined {
  try {
    return readText(paramsOf({ text, parse_mode }), TEXT_NAMES);
  } catch (error) {
    if (error instanceof BotError && error.message.startsWith("Bad Request: can't parse entities: ")) return undefined;
    throw error;
  }
}
