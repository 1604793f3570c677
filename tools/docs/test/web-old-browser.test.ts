import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const SCRIPT = readFileSync(new URL('../../../apps/web/src/old-browser.js', import.meta.url), 'utf8');

/** What stands in the page after the script has run. @param missing what the browser has not */
function runIn(missing: string[]): { isMarked: boolean; said: string } {
  const said: string[] = [];
  let isMarked = false;
  const element = { appendChild: () => undefined, setAttribute: () => undefined, className: '' };
  const page = {
    documentElement: { setAttribute: (name: string) => (isMarked = name === 'data-old') },
    getElementById: () => element,
    createElement: () => element,
    createTextNode: (text: string) => said.push(text),
  };
  const HTMLScriptElement = Object.assign(() => undefined, missing.includes('importmap') ? {} : { supports: (kind: string) => kind === 'importmap' });
  const browser = Object.fromEntries(Object.entries({ HTMLScriptElement, Worker: {}, WebSocket: {}, indexedDB: {} }).filter(([name]) => !missing.includes(name)));
  runInNewContext(missing.includes('toSorted') ? `delete Array.prototype.toSorted;\n${SCRIPT}` : SCRIPT, { window: browser, document: page });
  return { isMarked, said: said.join(' ').trim() };
}

test.each(['HTMLScriptElement', 'importmap', 'toSorted', 'Worker', 'WebSocket', 'indexedDB'])('a browser without %s is told to be too old, and the client does not start', (name) => {
  const { isMarked, said } = runIn([name]);
  expect(isMarked).toBe(true);
  expect(said).toMatch(/^This browser is too old .*Chromium 110, Firefox 115, or Safari 16\.4/);
});

test('other browsers are told nothing', () => {
  expect(runIn([])).toEqual({ isMarked: false, said: '' });
});

test('the oldest browsers can read the script', () => {
  const code = SCRIPT.replaceAll(/\/\*\*.*?\*\/|^\s*\/\/.*$/gms, '');
  expect(code.match(/=>|`|\b(?:let|const|class|async|await|import|export|of)\b|\.\.\.|\?[.?]|,\s*\)/g)).toBeNull();
});
