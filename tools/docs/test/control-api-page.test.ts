import { defineOperation, OPERATIONS, toControlSchemas } from '@aerogram/kit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { exampleOf } from '../json-examples.ts';
import { boundsOf, describeType, linkShared, listFields } from '../json-fields.ts';

const Dog = z.object({ name: z.string(), age: z.int().optional() }).meta({ id: 'Dog' });

const walk = defineOperation({
  name: 'dogs.walk',
  summary: 'Walks dogs.',
  params: z.strictObject({
    person: z.string().regex(/^\d+$/),
    number: z.string().regex(/^\d{1,3}$/),
    dogs: z.array(z.strictObject({ kind: z.enum(['big', 'small']), name: z.string().min(1).max(9) })).min(1).max(3),
    hours: z.int().min(1).max(8).default(2).describe('For how long.'),
    text: z.string().max(5).optional(),
    where: z.union([z.literal('wood'), z.strictObject({ street: z.string().max(5) })]).optional(),
    any: z.json().optional(),
  }),
  result: z.strictObject({ dogs: z.array(Dog), best: Dog.nullable(), scores: z.record(z.string(), z.number()) }),
  run: () => Promise.reject(new Error('it is only described')),
});

const { operations, shared } = toControlSchemas([walk]);
const { params, result } = operations[0]!;

test('fields are listed with those of objects inside of them', () => {
  const fields = listFields(params).map(({ path, schema, isRequired }) => [path, describeType(schema), boundsOf(schema), isRequired]);
  expect(fields).toEqual([
    ['person', 'string', 'matches `^\\d+$`', true],
    ['number', 'string', 'matches `^\\d{1,3}$`', true],
    ['dogs', '{ kind: "big" | "small", name: string }[]', '1 to 3 items', true],
    ['dogs[].kind', '"big" | "small"', '', true],
    ['dogs[].name', 'string', '1 to 9 characters', true],
    ['hours', 'integer', '1 to 8', false],
    ['text', 'string', 'at most 5 characters', false],
    ['where', '"wood" | { street: string }', '', false],
    ['where.street', 'string', 'at most 5 characters', true],
    ['any', 'JSON', '', false],
  ]);
});

test('a result names the shapes that several operations share', () => {
  expect(describeType(result)).toBe('{ dogs: Dog[], best: Dog | null, scores: { [name]: number } }');
  expect(Object.keys(shared).filter((name) => /^\w+$/.test(name))).toEqual(['Dog']);
  expect([linkShared('Dog[]'), linkShared('string')]).toEqual(['[`Dog[]`](#dog)', '`string`']);
});

test('an example has what is required, and is allowed', () => {
  expect(exampleOf(params, shared)).toEqual({ person: '4000001', number: '1', dogs: [{ kind: 'big', name: 'Ann' }], text: 'Hi!' });
});

test('the examples of all operations are allowed', () => {
  const schemas = toControlSchemas(OPERATIONS);
  const wrong = schemas.operations.filter(({ name, params: taken }) => {
    const operation = OPERATIONS.find((other) => other.name === name)!;
    return !operation.params.safeParse(exampleOf(taken, schemas.shared)).success;
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});
