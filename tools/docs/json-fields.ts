import { type JsonSchema, sharedName } from '@aerogram/kit';

/** A field of an object, or of an object inside of it. */
export interface Field {
  /** Such as `media.kind`, or `rows[].text` for objects in a list. */
  path: string;
  schema: JsonSchema;
  isRequired: boolean;
}

type Schema = JsonSchema | boolean;

const asObject = (schema: Schema | undefined): JsonSchema => (typeof schema === 'object' ? schema : {});

/** The forms that a value may have; the schema itself if there is one only. */
function formsOf(schema: JsonSchema): JsonSchema[] {
  const forms = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  return forms === undefined ? [schema] : forms.map(asObject).flatMap(formsOf);
}

/** Lists the fields of an object, and those of objects inside of it. Named schemas are not looked into. */
export function listFields(schema: JsonSchema, prefix = ''): Field[] {
  return formsOf(schema).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([name, value]) => {
      const [path, field] = [prefix + name, asObject(value)];
      const items = formsOf(field).flatMap((form) => (form.type === 'array' ? listFields(asObject(form.items as Schema | undefined), `${path}[].`) : []));
      return [{ path, schema: field, isRequired: required.includes(name) }, ...listFields(field, `${path}.`), ...items];
    }),
  );
}

/** Writes the type of a value as TypeScript does, such as `{ id: string, name?: string }[]`. */
export function describeType(schema: JsonSchema): string {
  const name = sharedName(schema);
  if (name !== undefined) return /^\w+$/.test(name) ? name : 'JSON';
  const forms = formsOf(schema);
  if (forms.length > 1) return [...new Set(forms.map(describeType))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') return describeList(schema);
  if (schema.type === 'object') return describeObject(schema);
  return typeof schema.type === 'string' ? schema.type : 'JSON';
}

function describeList({ items }: JsonSchema): string {
  const item = asObject(items as Schema | undefined);
  const type = describeType(item);
  return formsOf(item).length > 1 || item.enum !== undefined ? `(${type})[]` : `${type}[]`;
}

function describeObject({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, value]) => `${name}${required.includes(name) ? '' : '?'}: ${describeType(asObject(value))}`);
  const more = typeof additionalProperties === 'object' ? [`[name]: ${describeType(additionalProperties)}`] : [];
  return fields.length + more.length === 0 ? '{}' : `{ ${[...fields, ...more].join(', ')} }`;
}

/** The type in a page, with links to the shapes that the page describes. */
export function linkShared(type: string): string {
  const shape = /^([A-Z][A-Za-z]+)((?:\[\])?)$/.exec(type);
  return shape === null || shape[1] === 'JSON' ? `\`${type}\`` : `[\`${type}\`](#${shape[1]!.toLowerCase()})`;
}

/** Says what is allowed of a type, such as `1 to 64 characters`; empty if everything is. */
export function boundsOf(schema: JsonSchema): string {
  return formsOf(schema)
    .map((form) => {
      const { minLength, maxLength, minItems, maxItems, pattern } = form;
      const [minimum, maximum] = [form.minimum, form.maximum].map((limit) => (Math.abs(limit ?? 0) === Number.MAX_SAFE_INTEGER ? undefined : limit));
      const ranges = [describeRange(minLength, maxLength, 'characters'), describeRange(minItems, maxItems, 'items'), describeRange(minimum, maximum, '')];
      return [...ranges, pattern === undefined ? '' : `matches \`${pattern}\``].filter((text) => text !== '').join(', ');
    })
    .filter((text) => text !== '')
    .join('; ');
}

function describeRange(least: number | undefined, most: number | undefined, unit: string): string {
  const range = least === undefined || (least === 0 && unit !== '') ? (most === undefined ? '' : `at most ${most}`) : most === undefined ? `at least ${least}` : `${least} to ${most}`;
  return range === '' ? '' : `${range} ${unit}`.trim();
}
