import { defineOperation, describeOpenApi, OPERATIONS, toControlSchemas } from '@aerogram/kit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const Shape = z.strictObject({ id: z.int(), text: z.string() }).meta({ id: 'Shape' });

const operation = (name: string, params: z.ZodType, result: z.ZodType): ReturnType<typeof defineOperation> =>
  defineOperation({ name, summary: 'Does something.', params, result, run: () => Promise.reject(new Error('it is only described')) });

/** All references in a document. */
function listReferences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [item as string] : listReferences(item)));
}

function hasTarget(document: object, reference: string): boolean {
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  return target !== undefined;
}

describe('the OpenAPI file', () => {
  test('has named shapes once, and those that contain themselves', () => {
    const document = describeOpenApi([
      operation('a.one', z.strictObject({ any: z.json() }), Shape),
      operation('a.two', z.strictObject({ other: z.json() }), z.array(Shape)),
    ]);
    expect(document).toMatchObject({ components: { schemas: { Shape: { type: 'object', required: ['id', 'text'] } } } });
    expect(JSON.stringify(document)).not.toContain('$defs');
    const references = listReferences(document);
    expect(references).toContain('#/components/schemas/Shape');
    expect(references.filter((reference) => !hasTarget(document, reference))).toEqual([]);
  });

  test('is not made of a shape that is not the same in what is taken and what is returned', () => {
    const Lax = z.object({ id: z.int().default(1) }).meta({ id: 'Lax' });
    expect(() => toControlSchemas([operation('a.one', z.strictObject({ lax: Lax }), z.array(Lax))])).toThrow('two schemas are called Lax');
  });
});

describe('the operations', () => {
  test('have names of their own, of a group and a verb', () => {
    const names = OPERATIONS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at || !/^[a-z]+\.[a-zA-Z]+$/.test(name))).toEqual([]);
  });

  test('are summed up in sentences', () => {
    expect(OPERATIONS.filter(({ summary }) => !/^[A-Z].*\.$/.test(summary)).map(({ name }) => name)).toEqual([]);
  });

  test('refuse fields that they do not know, and bound strings and lists', () => {
    expect(toControlSchemas(OPERATIONS).operations.flatMap(({ name, params }) => listLax(params, name))).toEqual([]);
  });
});

interface Schema {
  type?: string;
  properties?: object;
  additionalProperties?: unknown;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
}

function isLax({ type, properties, additionalProperties, maxLength, maxItems, pattern, ...rest }: Schema): boolean {
  if (properties !== undefined && additionalProperties === undefined) return true;
  if (type === 'array') return maxItems === undefined;
  return type === 'string' && maxLength === undefined && pattern === undefined && rest.enum === undefined && rest.const === undefined;
}

/** The places in a schema where an object may have other fields, or where a string or list may have any length. */
function listLax(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const parts = Object.entries(schema).filter(([key]) => key !== 'propertyNames');
  return [...(isLax(schema) ? [path] : []), ...parts.flatMap(([key, item]) => listLax(item, `${path}/${key}`))];
}

test('a lax operation is found', () => {
  const params = z.strictObject({ id: z.string().regex(/^\d+$/), name: z.string(), list: z.array(z.int()), inner: z.object({ kind: z.enum(['a']) }) });
  const { operations } = toControlSchemas([operation('a.one', params, z.boolean())]);
  expect(listLax(operations[0]!.params, '')).toEqual(['/properties/name', '/properties/list', '/properties/inner']);
});
