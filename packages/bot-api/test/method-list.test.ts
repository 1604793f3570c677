import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BOT_METHODS } from '../src/methods/index.ts';
import { OLD_PARAMETERS } from '../src/params/old-parameters.ts';
import { checkRefused, REFUSED_PARAMETERS } from '../src/params/refused.ts';

const reference = JSON.parse(readFileSync(new URL('../../schema/botapi.json', import.meta.url), 'utf8')) as Record<string, { params: string[] }>;

test('each method is one of the Bot API, and is listed once', () => {
  const names = BOT_METHODS.map(({ method }) => method);
  expect(names.filter((name) => reference[name] === undefined)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('methods read only parameters that the reference names or has named, and each once', () => {
  const unknown = BOT_METHODS.flatMap(({ method, params }) =>
    params.filter((name, at) => (!reference[method]?.params.includes(name) && !Object.hasOwn(OLD_PARAMETERS, name)) || params.indexOf(name) !== at).map((name) => `${method} ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('what narrows who gets a message is refused by all methods that do not read it', () => {
  expect(BOT_METHODS.flatMap(({ method, params }) => params.filter((name) => REFUSED_PARAMETERS.includes(name)).map((name) => `${method} ${name}`))).toEqual(['answerCallbackQuery callback_query_id']);
  for (const { params } of BOT_METHODS) {
    for (const name of REFUSED_PARAMETERS) {
      const check = (value: unknown) => () => checkRefused(new Map([[name, value]]), params);
      if (params.includes(name)) expect(check(7)).not.toThrow();
      else expect(check(7)).toThrow(`the parameter "${name}" is not supported by this server`);
      for (const nothing of ['', null, undefined]) expect(check(nothing)).not.toThrow();
    }
  }
});

test('the parameters that stand in for old ones exist', () => {
  const known = new Set(Object.values(reference).flatMap(({ params }) => params));
  expect(Object.values(OLD_PARAMETERS).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(OLD_PARAMETERS).filter((name) => known.has(name))).toEqual([]);
});

test('each old parameter is read by a method', () => {
  const read = new Set(BOT_METHODS.flatMap(({ params }) => params));
  expect(Object.keys(OLD_PARAMETERS).filter((name) => !read.has(name))).toEqual([]);
});
