import { type ControlSchemas, describeOpenApi, type JsonSchema, OPERATIONS, type OperationSchemas, toControlSchemas } from '@aerogram/kit';
import { exampleOf } from './json-examples.ts';
import { boundsOf, describeType, linkShared, listFields } from './json-fields.ts';
import { renderPage, renderTable } from './markdown.ts';

function describeFields(schema: JsonSchema): string {
  const rows = listFields(schema).map(({ path, schema: field, isRequired }) => {
    const bounds = [boundsOf(field), field.default === undefined ? '' : `default ${JSON.stringify(field.default)}`].filter((text) => text !== '');
    return [`\`${path}\`${isRequired ? '' : '?'}`, linkShared(describeType(field)), bounds.join('; '), field.description ?? ''];
  });
  return renderTable(['Field', 'Type', 'Bounds', 'Meaning'], rows);
}

/** A request as it is written in a shell. */
function describeRequest({ name, params }: OperationSchemas, shared: ControlSchemas['shared']): string {
  const body = JSON.stringify(exampleOf(params, shared)).replaceAll("'", String.raw`'\''`);
  return ['```sh', `curl -s "$CONTROL_URL/v1/${name}" -H "Authorization: Bearer $SECRET" -H 'Content-Type: application/json' \\`, `  -d '${body}'`, '```'].join('\n');
}

function describeOperation(operation: OperationSchemas, shared: ControlSchemas['shared']): string[] {
  const { name, summary, params, result } = operation;
  const described = listFields(result).filter(({ schema }) => schema.description !== undefined);
  return [
    `### ${name}`,
    summary,
    ...(listFields(params).length === 0 ? ['It takes no fields: the body is `{}`.'] : [describeFields(params)]),
    `Result: ${linkShared(describeType(result))}`,
    ...(described.length === 0 ? [] : [described.map(({ path, schema }) => `- \`${path}\`: ${schema.description}`).join('\n')]),
    describeRequest(operation, shared),
  ];
}

/** packages/testing/openapi.json: the control API for programs. */
export function renderOpenApi(): string {
  return `${JSON.stringify(describeOpenApi(OPERATIONS), undefined, 2)}\n`;
}

/** docs/control-api.md: every operation of the control API, with what it takes and returns. */
export function renderControlApiPage(): string {
  const schemas = toControlSchemas(OPERATIONS);
  const { operations, shared } = schemas;
  const groups = [...new Set(operations.map(({ name }) => name.split('.', 1)[0]!))];
  const shapes = Object.entries(shared).filter(([name]) => /^\w+$/.test(name));
  return renderPage('The control API of clouds for tests', 'the operations of packages/kit', [
    `A cloud for tests is controlled by JSON over HTTP, from any language. \`npx @aerogram/testing serve --json\` starts one and prints a line of JSON with \`controlUrl\` and \`secret\`; the examples below expect them in \`$CONTROL_URL\` and \`$SECRET\`. The same as a file for programs is \`packages/testing/openapi.json\`, which the server has at \`/openapi.json\`.`,
    '## Requests',
    '`POST /v1/<operation>` with a JSON object as body, of at most 64 MiB. A field that is not listed is refused. `GET /v1` lists the operations.',
    renderTable(
      ['Header', 'Value'],
      [
        ['`Authorization`', '`Bearer <secret>`. A request without it is answered with 401.'],
        ['`Content-Type`', '`application/json`'],
        ['`Aerogram-Set`', 'The set of people and bots that the request is about, as `sets.create` returned it. Without it: the set `main`, which is there from the start.'],
      ],
    ),
    'Requests with an `Origin` header, as pages in a browser send it, and requests to a host that is not a loopback address are answered with 403.',
    '## Answers',
    'Status 200: `{ "result": …, "callsUpTo": n }`. Any other status: `{ "error": { "code", "message", "refusal"?, "talk"? } }`, with `callsUpTo` if the set is known.',
    renderTable(
      ['Code', 'Status', 'Meaning'],
      [
        ['`invalid`', '400, 404, 405, 413, 415', 'The request makes no sense, or names somebody who is not there.'],
        ['`timeout`', '504', 'What was waited for did not happen in time. `talk` is the chat as the person saw it, with its keyboards.'],
        ['`refused`', '409', 'The cloud refused what a person did. `refusal` is the error that an app would get, such as `CHAT_WRITE_FORBIDDEN`.'],
        ['`unauthorized`', '401, 403', 'The secret is missing or wrong, or the request comes from a web page.'],
        ['`busy`', '503', 'More than 1,000 requests run at the same time, or bodies of more than 256 MiB.'],
        ['`stopping`', '503', 'The server is stopping.'],
        ['`internal`', '500', 'The server has a fault, which its log describes.'],
      ],
    ),
    '## Calls of bots',
    '`GET /v1/calls?after=n` with the same headers streams the calls that bots of the set make, one JSON object in a line, without end: first those that are kept of the calls after number `n`, then each as soon as it is recorded, which is before the bot gets its answer. An empty line every 30 seconds says that the connection is alive. Whoever is more than 5,000 calls behind is cut off.',
    'Each call has a number `n`, which counts up. `callsUpTo` of an answer is the number of the newest call of the set. So a program that has read its stream up to `callsUpTo` knows all that the bots had called by then.',
    '## Operations',
    'Ids of people and bots are decimal numbers in strings, because not all languages can read such numbers in JSON; those of messages are numbers. `person` is the `id` that `people.create` returned, `bot` the one of `bots.create`. `chat` is `@username`, a marked id (`123` a person or bot, `-123` a basic group, `-100123` a channel or supergroup), or `me`.',
    ...groups.flatMap((group) => [`## ${group}`, ...operations.filter(({ name }) => name.startsWith(`${group}.`)).flatMap((operation) => describeOperation(operation, shared))]),
    ...(shapes.length === 0 ? [] : ['## Shapes', ...shapes.flatMap(([name, schema]) => [`### ${name}`, schema.description ?? '', describeFields(schema)])]),
  ].filter((part) => part !== ''));
}

