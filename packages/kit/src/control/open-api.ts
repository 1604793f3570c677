import { z } from 'zod';
import type { Operation } from '../define-operation.ts';

/** A part of a JSON Schema. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What goes into an operation and what comes out, as JSON Schema. */
export interface OperationSchemas {
  name: string;
  summary: string;
  params: JsonSchema;
  result: JsonSchema;
}

/** The operations as JSON Schema, with the schemas that several of them share. */
export interface ControlSchemas {
  operations: OperationSchemas[];
  /** By the names that schemas got with `.meta({ id })`. */
  shared: Record<string, JsonSchema>;
}

const SHARED = '#/components/schemas/';

/** Collects schemas that refer to each other by name. */
class SharedSchemas {
  readonly byName: Record<string, JsonSchema> = {};

  /** @param place where the schema stands, which names what it shares with itself only */
  convert(schema: z.ZodType, io: 'input' | 'output', place: string): JsonSchema {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io });
    // Schemas without a name that contain themselves are called __schema0, __schema1 ….
    const rename = (name: string): string => (name.startsWith('__') ? `${place}.${name.slice(2)}` : name);
    for (const [name, { id: _id, ...content }] of Object.entries($defs)) this.#add(rename(name), withReferences(content, rename) as JsonSchema);
    return withReferences(own, rename) as JsonSchema;
  }

  #add(name: string, schema: JsonSchema): void {
    const other = this.byName[name];
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(schema)) throw new Error(`two schemas are called ${name}`);
    this.byName[name] = schema;
  }
}

/** The same schema, with references that lead to the shared schemas. */
function withReferences(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const name = key === '$ref' && typeof item === 'string' ? /^#\/\$defs\/(.+)$/.exec(item)?.[1] : undefined;
      return [key, name === undefined ? withReferences(item, rename) : `${SHARED}${rename(name)}`];
    }),
  );
}

/** The name of the shared schema that a reference leads to; undefined for everything else. */
export function sharedName({ $ref }: JsonSchema): string | undefined {
  return $ref?.startsWith(SHARED) === true ? $ref.slice(SHARED.length) : undefined;
}

/** Converts what the operations take and return, in the order of their names. @throws Error if a schema cannot be written as JSON Schema */
export function toControlSchemas(operations: readonly Operation[]): ControlSchemas {
  const shared = new SharedSchemas();
  const converted = operations
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, summary, params, result }) => ({
      name,
      summary,
      params: shared.convert(params, 'input', `${name}.params`),
      result: shared.convert(result, 'output', `${name}.result`),
    }));
  return { operations: converted, shared: shared.byName };
}

const CALLS_UP_TO = { type: 'integer', minimum: 0, description: 'Number of the newest recorded call of a bot of the set; 0 if there was none.' };

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { enum: ['invalid', 'timeout', 'refused', 'stopping', 'unauthorized', 'busy', 'internal'] },
        message: { type: 'string', description: 'What was tried or waited for, for people.' },
        refusal: { type: 'string', description: 'With `refused`: the error of the MTProto API that an app would get.' },
        talk: { type: 'string', description: 'The chat as a person saw it, as text.' },
      },
    },
    callsUpTo: CALLS_UP_TO,
  },
};

const SET_HEADER = { name: 'Aerogram-Set', in: 'header', required: false, schema: { type: 'string', default: 'main' }, description: 'The set of people and bots, as `sets.create` returned it.' };

const json = (schema: object): object => ({ content: { 'application/json': { schema } } });

const FAILS = { description: 'The request was refused, or what it waited for did not happen.', ...json({ $ref: `${SHARED}Error` }) };

function describePath({ name, summary, params, result }: OperationSchemas): object {
  const answer = { type: 'object', required: ['result', 'callsUpTo'], properties: { result, callsUpTo: CALLS_UP_TO } };
  return {
    post: {
      operationId: name,
      summary,
      tags: [name.split('.', 1)[0]],
      parameters: [SET_HEADER],
      requestBody: { required: true, ...json(params) },
      responses: { 200: { description: 'It is done.', ...json(answer) }, default: FAILS },
    },
  };
}

const STREAM = {
  get: {
    operationId: 'calls',
    summary: 'Streams the calls of the bots of a set, one JSON object in a line, without end. An empty line every 30 seconds says that the connection is alive.',
    parameters: [SET_HEADER, { name: 'after', in: 'query', required: false, schema: { type: 'integer', minimum: 0, default: 0 }, description: 'Number of the last call that is not wanted.' }],
    responses: { 200: { description: 'The stream.', content: { 'application/x-ndjson': { schema: { type: 'string' } } } }, default: FAILS },
  },
};

/** Describes the control API as OpenAPI 3.1. */
export function describeOpenApi(operations: readonly Operation[]): object {
  const { operations: all, shared } = toControlSchemas(operations);
  return {
    openapi: '3.1.0',
    info: { title: 'Control API of Aerogram for tests', version: '1', description: 'People, bots, time and faults of a cloud for tests, as JSON over HTTP on this machine.' },
    servers: [{ url: 'http://127.0.0.1:{port}', variables: { port: { default: '0', description: 'The port of `controlUrl`, which the server prints when it has started.' } } }],
    security: [{ secret: [] }],
    paths: { '/v1/calls': STREAM, ...Object.fromEntries(all.map((operation) => [`/v1/${operation.name}`, describePath(operation)])) },
    components: { securitySchemes: { secret: { type: 'http', scheme: 'bearer', description: 'The `secret` that the server prints when it has started.' } }, schemas: { Error: ERROR, ...shared } },
  };
}
