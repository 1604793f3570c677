import { readFileSync } from 'node:fs';
import { ALIASES, BOT_METHODS, OLD_PARAMETERS, REFUSED_PARAMETERS } from '@aerogram/bot-api';
import { renderPage, renderTable } from './markdown.ts';

/** A method as the reference describes it. The wave says how many bots need it: 1 = nearly all … 3 = payments, business, games and the like. */
interface Described {
  wave: number;
  params: string[];
}

/** Parameters that methods take and that change nothing here. */
const IGNORED_PARAMETERS: readonly string[] = ['allow_paid_broadcast'];

const reference = JSON.parse(readFileSync('packages/schema/botapi.json', 'utf8')) as Record<string, Described>;

const readBy = new Map(BOT_METHODS.map(({ method, params }) => [method, params]));

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function describeMethod(method: string, { params }: Described, read: readonly string[]): string[] {
  const refused = params.filter((name) => REFUSED_PARAMETERS.includes(name) && !read.includes(name));
  const ignored = params.filter((name) => IGNORED_PARAMETERS.includes(name));
  const absent = params.filter((name) => !read.includes(name) && !refused.includes(name) && !ignored.includes(name));
  const done = params.filter((name) => read.includes(name));
  const old = read.filter((name) => Object.hasOwn(OLD_PARAMETERS, name));
  return [`\`${method}\``, list(done), list(old), list(refused), list([...ignored, ...absent])];
}

/** docs/bot-api.md: every method and parameter of the Bot API, and what this server does with it. */
export function renderBotApiPage(): string {
  const all = Object.entries(reference);
  const waves = [...new Set(all.map(([, { wave }]) => wave))].sort((a, b) => a - b);
  const missing = all.filter(([method]) => !readBy.has(method));
  const count = (of: readonly [string, Described][], wave: number): string => String(of.filter(([, method]) => method.wave === wave).length);
  const aliases = Object.entries(ALIASES).filter(([, name]) => BOT_METHODS.some(({ method }) => method.toLowerCase() === name));
  return renderPage('The Bot API', 'the methods of packages/bot-api and packages/schema/botapi.json', [
    `The ${all.length} methods of the Bot API over HTTP. A method that is not there answers 404 \`Not Found: method not found\`. Objects in parameters, such as buttons, are refused where they ask for something that the server does not have, such as mini apps.`,
    renderTable(
      ['Wave', 'Methods', 'Done', 'Absent'],
      waves.map((wave) => [String(wave), count(all, wave), count(all.filter(([method]) => readBy.has(method)), wave), count(missing, wave)]),
    ),
    'Wave 1 is what nearly all bots need, 2 what many need, 3 payments, business accounts, games and the like.',
    '## Methods',
    `*Done*: the parameter does what the reference says. *Old*: the reference does not name it any more, and it still works. *Refused*: a call that gives it is answered with 400, because it would narrow who gets the message: to ignore it would show a message for one person to a whole group. ` +
      '*Absent*: it has no effect.',
    `Every method refuses ${list(REFUSED_PARAMETERS)} in this way, also where the reference does not name them for it, except those that read such a parameter for something else.`,
    renderTable(
      ['Method', 'Done', 'Old', 'Refused', 'Absent'],
      all.flatMap(([method, described]) => {
        const read = readBy.get(method);
        return read === undefined ? [] : [describeMethod(method, described, read)];
      }),
    ),
    ...(aliases.length === 0 ? [] : [`Other names that older libraries write, in any case: ${aliases.map(([alias, name]) => `\`${alias}\` for \`${name}\``).join(', ')}.`]),
    '## Old parameters',
    renderTable(['Parameter', 'Now'], Object.entries(OLD_PARAMETERS).map(([name, now]) => [`\`${name}\``, `\`${now}\``])),
    '## Absent methods',
    ...waves.map((wave) => `Wave ${wave}: ${list(missing.filter(([, method]) => method.wave === wave).map(([method]) => method)) || 'none'}`),
  ]);
}
