import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BOT_METHODS } from '../src/methods/index.ts';
import { OLD_PARAMETERS } from '../src/params/old-parameters.ts';
import { REFUSED_PARAMETERS } from '../src/params/refused.ts';

const reference = JSON.parse(readFileSync(new URL('../../schema/botapi.json', import.meta.url), 'utf8')) as Record<string, { params: string[] }>;

/** Parameters that methods read together with those of similar methods, although the reference does not name them there. */
const SHARED = new Set([
  'copyMessages message_effect_id', 'forwardMessages message_effect_id', 'sendAudio show_caption_above_media', 'sendDocument show_caption_above_media', 'sendVoice show_caption_above_media',
  'sendVenue horizontal_accuracy',
]);

test('each method is one of the Bot API, and is listed once', () => {
  const names = BOT_METHODS.map(({ method }) => method);
  expect(names.filter((name) => reference[name] === undefined)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('methods read only parameters that the reference names or has named, but for a few, and each once', () => {
  const unknown = BOT_METHODS.flatMap(({ method, params }) =>
    params.filter((name, at) => (!reference[method]?.params.includes(name) && !Object.hasOwn(OLD_PARAMETERS, name)) || params.indexOf(name) !== at).map((name) => `${method} ${name}`),
  );
  expect(new Set(unknown)).toEqual(SHARED);
});

test('no method reads a parameter that all refuse', () => {
  expect(BOT_METHODS.filter(({ params }) => params.some((name) => REFUSED_PARAMETERS.includes(name))).map(({ method }) => method)).toEqual([]);
});

test('the parameters that stand in for old ones exist', () => {
  const known = new Set(Object.values(reference).flatMap(({ params }) => params));
  expect(Object.values(OLD_PARAMETERS).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(OLD_PARAMETERS).filter((name) => known.has(name))).toEqual([]);
});
