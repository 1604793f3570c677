import { type ControlSchemas, type JsonSchema, sharedName } from '@aerogram/kit';

/** What fields with these names mean wherever they stand. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  person: '4000001',
  bot: '4000002',
  user: '@my_bot',
  chat: '@my_bot',
  from: '@my_bot',
  to: 'me',
  members: ['@my_bot'],
  link: 'https://t.me/+AbCdEfGhIjKlMnOp',
  name: 'Ann',
  title: 'Our group',
  username: 'my_bot',
  text: 'Hi!',
  label: 'Yes',
  query: 'cats',
  emoji: '👍',
  base64: 'aGVsbG8=',
  id: 1,
  ids: [1],
  ms: 3_600_000,
  fault: '1',
};

/** Fields without which an example would say nothing, also where they may be left out. */
const ALWAYS_SHOWN: readonly string[] = ['text'];

type Schema = JsonSchema | boolean | undefined;

/** A value that a schema allows, with few fields besides the required ones. Fields with well-known names get a telling value, if it fits their type. */
export function exampleOf(schema: Schema, shared: ControlSchemas['shared'], name = ''): unknown {
  if (typeof schema !== 'object') return {};
  const known = EXAMPLES[name];
  if (schema.examples !== undefined) return schema.examples[0];
  if (known !== undefined && isOfType(known, schema)) return known;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const target = sharedName(schema);
  if (target !== undefined) return exampleOf(shared[target], shared, name);
  const forms = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (forms !== undefined) return exampleOf(forms[0], shared, name);
  return exampleOfType(schema, shared);
}

function exampleOfType(schema: JsonSchema, shared: ControlSchemas['shared']): unknown {
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(listShown(schema).map((field) => [field, exampleOf(schema.properties?.[field], shared, field)]));
    case 'array':
      return schema.minItems === undefined || schema.minItems === 0 ? [] : [exampleOf(schema.items as Schema, shared)];
    case 'string':
      // Patterns are mostly those of numbers.
      return schema.pattern !== undefined && new RegExp(schema.pattern).test('1') ? '1' : 'x'.repeat(Math.max(1, schema.minLength ?? 0));
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.max(0, schema.minimum ?? 0);
    case 'null':
      return null;
    default:
      return {};
  }
}

function listShown({ properties = {}, required = [] }: JsonSchema): string[] {
  return Object.keys(properties).filter((field) => required.includes(field) || ALWAYS_SHOWN.includes(field));
}

function isOfType(value: unknown, { type }: JsonSchema): boolean {
  if (Array.isArray(value)) return type === 'array';
  return typeof value === 'number' ? type === 'integer' || type === 'number' : type === typeof value;
}
