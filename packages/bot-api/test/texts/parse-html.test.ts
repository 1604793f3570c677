import { expect, test } from 'vitest';

import { parseHtml } from '../../src/texts/parse-html.ts';
import { outcomeOf, refused } from './shown-text.ts';

test.each([
  ['', '', ''],
  ['plain\n text 😀 > "\'', 'plain\n text 😀 > "\'', ''],
  ['<b>1</b><strong>2</strong><i>3</i><em>4</em>', '1234', 'bold 0+1, bold 1+1, italic 2+1, italic 3+1'],
  ['<u>1</u><ins>2</ins>', '12', 'underline 0+1, underline 1+1'],
  ['<s>1</s><strike>2</strike><del>3</del>', '123', 'strikethrough 0+1, strikethrough 1+1, strikethrough 2+1'],
  ['<tg-spoiler>1</tg-spoiler><span class="tg-spoiler">2</span>', '12', 'spoiler 0+1, spoiler 1+1'],
  ['<blockquote>1</blockquote><blockquote expandable>2</blockquote>', '12', 'blockquote 0+1, expandable_blockquote 1+1'],
  ['<blockquote expandable="">1</blockquote><blockquote dir cite=a>2</blockquote>', '12', 'expandable_blockquote 0+1, blockquote 1+1'],
  ['😀<b>😀é</b>', '😀😀é', 'bold 2+3'],
  ['<b>a <i>b</i> c</b>', 'a b c', 'bold 0+5, italic 2+1'],
  ['<i><b>a</b></i>', 'a', 'bold 0+1, italic 0+1'],
  ['<b></b>a<i></i>', 'a', ''],
  ['<B>a</b ><I\n>b</>', 'ab', 'bold 0+1, italic 1+1'],
  ['<b a b=c d=\'"\' e="\'">a</b>', 'a', 'bold 0+1'],
  [' <b> a </b> ', '  a  ', 'bold 1+3'],
  ['<pre>a</pre><code>b</code>', 'ab', 'pre 0+1, code 1+1'],
  ['<pre><code class="language-python">a\nb</code></pre>', 'a\nb', 'pre 0+3 python'],
  ['<code class="language-Go"><pre>a</pre></code>', 'a', 'pre 0+1 Go'],
  ['<code class="language-python">a</code>', 'a', 'code 0+1'],
  ['<pre>a<code class="language-python">b</code></pre>', 'ab', 'pre 0+2, code 1+1'],
  ['<pre><code class="python">a</code></pre>', 'a', 'pre 0+1, code 0+1'],
  ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', 'custom_emoji 0+2 5368324170671202286'],
  ['<tg-emoji emoji-id=""></tg-emoji>', '', ''],
  ['<tg-time unix="1647531900" format="wDT">then</tg-time>', 'then', 'date_time 0+4 1647531900 wDT'],
  ['<tg-time unix="1647531900">then</tg-time>', 'then', 'date_time 0+4 1647531900 '],
  ['<tg-time unix="12x" format=R>then</tg-time>', 'then', 'date_time 0+4 12 r'],
  ['<tg-time unix="soon">then</tg-time>', 'then', ''],
])('%j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseHtml, source)).toEqual([text, entities]);
});

test.each([
  ['&lt;&gt;&amp;&quot;', '<>&"'],
  ['&lt&gt&amp&quot', '<>&"'],
  ['&amp;lt;', '&lt;'],
  ['&#65;&#x42;&#x1f600;&#128512', 'AB😀😀'],
  ['&#0;&#x;&#;&#x10ffff;&#1114111;', '&#0;&#x;&#;&#x10ffff;&#1114111;'],
  ['&#00000065;&#x0000041;', '&#00000065;&#x0000041;'],
  ['&apos;&nbsp;&ltx;&LT;&#X41;', '&apos;&nbsp;&ltx;&LT;&#X41;'],
  ['& && &', '& && &'],
])('character references: %j is the text %j', (source, text) => {
  expect(outcomeOf(parseHtml, source)).toEqual([text, '']);
});

test.each([
  ['<a href="https://example.org/?a=1&amp;b=2">a</a>', 'a', 'text_link 0+1 https://example.org/?a=1&b=2'],
  ["<a href='example.org'>a</a>", 'a', 'text_link 0+1 http://example.org/'],
  ['<a href=Example.Org>a</a>', 'a', 'text_link 0+1 http://example.org/'],
  ['<a>example.org</a>', 'example.org', 'text_link 0+11 http://example.org/'],
  ['<a href="tg://user?id=77">a</a>', 'a', 'text_mention 0+1 {"id":77}'],
  ['<a href="tg://user?id=x">a</a>', 'a', 'text_link 0+1 tg://user?id=x'],
  ['<a href="nowhere">a</a>', 'a', ''],
  ['<a href="javascript:alert(1)">a</a>', 'a', ''],
])('links: %j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseHtml, source)).toEqual([text, entities]);
});

test.each([
  ['é<b>a', `Can't find end tag corresponding to start tag "b"`],
  ['<b><i>a</i>', `Can't find end tag corresponding to start tag "b"`],
  ['é<div>a</div>', 'Unsupported start tag "div" at byte offset 2'],
  ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
  ['1 <2 > 3', 'Unsupported start tag "2" at byte offset 2'],
  ['a <3 b', 'Unsupported start tag "3" at byte offset 2'],
  ['a <3', 'Unclosed start tag at byte offset 2'],
  ['<', 'Unclosed start tag at byte offset 0'],
  ['<>', 'Unsupported start tag "" at byte offset 0'],
  ['<Br/>', 'Unsupported start tag "br/" at byte offset 0'],
  ['😀</b>', 'Unexpected end tag at byte offset 4'],
  ['<b>a</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
  ['<b>a</b', 'Unclosed end tag at byte offset 4'],
  ['<b>a</b c>', 'Unclosed end tag at byte offset 4'],
  ['<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'],
  ['<a href="x"/>', 'Empty attribute name in the tag "a" at byte offset 0'],
  ['<a href', 'Unclosed start tag "a" at byte offset 0'],
  ['<a href=', 'Unclosed start tag "a" at byte offset 0'],
  ['<a href="x', 'Unclosed start tag at byte offset 0'],
  ['<a href="x"', 'Unclosed start tag at byte offset 0'],
  ['<a href=https://example.org>a</a>', 'Unexpected end of name token at byte offset 8'],
  ['é <span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 3'],
  ['<span class="spoiler">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ['<tg-emoji>a</tg-emoji>', 'Invalid custom emoji identifier specified'],
  ['<tg-emoji emoji-id="0x5">a</tg-emoji>', 'Invalid custom emoji identifier specified'],
  ['<tg-time unix="1" format="now">a</tg-time>', 'Invalid date format used'],
  ['&#xd83d;&#xde00;', 'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units'],
])('%j is refused: %s', (source, reason) => {
  expect(outcomeOf(parseHtml, source)).toBe(refused(reason));
});
