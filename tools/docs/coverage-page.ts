import { readFileSync } from 'node:fs';
import { BYTES_OF_TOKEN, DEFAULT_FLOOD, DEFAULT_LIMITS, type FieldLimits, type RpcMethod } from '@aerogram/rpc';
import { methods, refusedMethods } from '@aerogram/rpc-handlers';
import { type PeriodQuota, QUOTAS, type RefillQuota } from '@aerogram/domain';
import { LAYER, METHODS } from '@aerogram/tl';
import { renderPage, renderTable } from './markdown.ts';
import { renderNewestLayer } from './newest-layer.ts';

type State = 'done' | 'empty' | 'refused' | 'missing';
type Row = { name: string; state: State; access: string; cost: string; repeat: string; limits: string; quotas: string; note: string };

/** How soon clients need a method: 1 = log in, boot, sync, private chats … 4 = payments, business, statistics. */
const facts = JSON.parse(readFileSync('packages/schema/methods.json', 'utf8')) as Record<string, { wave?: number }>;

/** Methods that bots may call by the documentation, and that are still closed to them, by the reason. `bot-rights.test.ts` compares it with the methods. */
const closedToBots = JSON.parse(readFileSync('packages/schema/closed-to-bots.json', 'utf8')) as Record<string, string[]>;

const registered = new Map<string, (typeof methods)[number]>(methods.map((method) => [method.method, method]));

/** Wrappers that the dispatcher takes off a request (packages/rpc/src/unwrap.ts); it refuses the others. */
const UNWRAPPED = new Set([
  'initConnection',
  'invokeAfterMsg',
  'invokeAfterMsgs',
  'invokeWithApnsSecret',
  'invokeWithGooglePlayIntegrity',
  'invokeWithLayer',
  'invokeWithMessagesRange',
  'invokeWithReCaptcha',
  'invokeWithTakeout',
  'invokeWithoutUpdates',
]);

function describeMethod(name: string): Row {
  if (UNWRAPPED.has(name)) return { name, state: 'done', access: 'as the query inside', cost: '', repeat: '', limits: '', quotas: '', note: '' };
  const method = registered.get(name);
  if (!method) {
    const reason = refusedMethods.get(name);
    return { name, state: reason === undefined ? 'missing' : 'refused', access: '', cost: '', repeat: '', limits: '', quotas: '', note: reason ?? '' };
  }
  return {
    name,
    state: method.empty === undefined ? 'done' : 'empty',
    access: [...method.callers].join(', ') + (method.pending2fa ? ' (2FA pending too)' : ''),
    cost: [method.cost, ...Object.entries(method.itemCosts ?? {}).map(([path, cost]) => `+ ${cost} × \`${path}\``)].join(' '),
    repeat: method.repeat,
    limits: describeLimits(method),
    quotas: method.quotas.map((name) => `\`${name}\``).join(', '),
    note: method.empty ?? '',
  };
}

/** What a method declares beyond the standard limits. */
function describeLimits({ limits: { maxBytes, vectors, strings, bytes }, part }: RpcMethod): string {
  const describe = (limits: FieldLimits | undefined, unit: string): string[] =>
    Object.entries(limits ?? {}).map(([path, limit]) => `\`${path}\` ${typeof limit === 'number' ? limit : limit.max} ${unit}`);
  const request = maxBytes === undefined || maxBytes === DEFAULT_LIMITS.maxBytes ? [] : [`request ${maxBytes / 1024} KiB`];
  return [...(part ? ["the account's bytes of files"] : []), ...request, ...describe(vectors, 'items'), ...describe(strings, 'characters'), ...describe(bytes, 'bytes')].join(', ');
}

const PERIODS: Record<number, string> = { 3600: 'an hour', 86_400: 'a day' };

function describeQuota(quota: RefillQuota | PeriodQuota): string {
  if ('most' in quota) return quota.periodS === undefined ? String(quota.most) : `${quota.most} ${PERIODS[quota.periodS] ?? `in ${quota.periodS} s`}`;
  const { capacity, tokensPerSecond } = quota;
  return `${capacity} at once, then ${tokensPerSecond < 1 ? `one in ${Math.round(1 / tokensPerSecond)} s` : `${tokensPerSecond} a second`}`;
}

function renderQuotas(): string {
  const rows = Object.entries<RefillQuota | PeriodQuota>(QUOTAS).map(([name, quota]) => [
    `\`${name}\``,
    quota.counts,
    describeQuota(quota),
    quota.error === undefined ? '' : `\`${quota.error}\``,
  ]);
  return renderTable(['Quota', 'Counts', 'Allows', 'Beyond it'], rows);
}

function countState(rows: readonly Row[], state: State): string {
  return String(rows.filter((row) => row.state === state).length);
}

function renderNamespace([namespace, rows]: [string, Row[]]): string {
  const answered = rows.filter((row) => row.state === 'done' || row.state === 'empty');
  const reasons = new Set(rows.flatMap((row) => (row.state === 'refused' ? [row.note] : [])));
  const missing = rows.filter((row) => row.state === 'missing').map((row) => row.name);
  const byWave = new Map<number, string[]>();
  for (const name of missing) {
    const wave = facts[name]?.wave ?? 4;
    byWave.set(wave, [...(byWave.get(wave) ?? []), `\`${name}\``]);
  }
  const table = renderTable(
    ['Method', 'State', 'Access', 'Cost', 'Repeat', 'Limits', 'Quotas', 'Not there yet'],
    answered.map((row) => [`\`${row.name}\``, row.state, row.access, row.cost, row.repeat, row.limits, row.quotas, row.note]),
  );
  return [
    `## ${namespace}`,
    ...(answered.length === 0 ? [] : [table]),
    ...[...reasons].map((reason) => `Refused, because ${reason}: ${rows.filter(({ note }) => note === reason).map(({ name }) => `\`${name}\``).join(', ')}`),
    ...Object.entries(closedToBots).flatMap(([reason, names]) => {
      const here = names.filter((name) => rows.some((row) => row.name === name));
      return here.length === 0 ? [] : [`Closed to bots so far, because ${reason}: ${here.map((name) => `\`${name}\``).join(', ')}`];
    }),
    ...[...byWave].sort(([a], [b]) => a - b).map(([wave, names]) => `Missing, wave ${wave}: ${names.join(', ')}`),
  ].join('\n\n');
}

/** docs/coverage.md: every method of the newest layer, and what this server does with it. */
export function renderCoveragePage(): string {
  const namespaces = new Map<string, Row[]>();
  for (const name of Object.keys(METHODS).sort()) {
    const namespace = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'wrappers';
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), describeMethod(name)]);
  }
  const all = [...namespaces.values()].flat();
  const countRow = (label: string, rows: readonly Row[]): string[] => [
    label,
    String(rows.length),
    countState(rows, 'done'),
    countState(rows, 'empty'),
    countState(rows, 'refused'),
    countState(rows, 'missing'),
  ];
  return renderPage('Coverage', 'the method registry of packages/rpc-handlers', [
    `The ${all.length} methods of layer ${LAYER}. *done*: works. *empty*: answers the empty form of its type, so that clients go on; ` +
      'the last column says what is not there yet. *refused*: answers 400 `METHOD_INVALID` for good; the reason stands under the table. ' +
      '*missing*: answers 400 `METHOD_INVALID` so far.',
    `Access is who may call. Cost is the tokens that a call takes: a user has ${DEFAULT_FLOOD.capacity}, refilled by ${DEFAULT_FLOOD.tokensPerSecond} a second, and each ${BYTES_OF_TOKEN / 1024} KiB of an answer take one more. ` +
      'Without tokens a call is refused with `FLOOD_WAIT_%d`. Repeat says how a repetition is kept harmless: ' +
      '`read` changes nothing, `idempotent` has the same effect once or twice, `random_id` finds the first result again.',
    `Limits are the most that a request and its fields may hold. Where nothing else is said, a request has ${DEFAULT_LIMITS.maxBytes / 1024} KiB without compression, each vector in it, ` +
      `at any depth, ${DEFAULT_LIMITS.vector.max} items, each string ${DEFAULT_LIMITS.string.max} characters (UTF-16 units), each byte string ${DEFAULT_LIMITS.bytes.max} bytes. A longer one is refused ` +
      `before anything is done: \`INPUT_REQUEST_TOO_LONG\`, \`${DEFAULT_LIMITS.vector.error}\`, \`${DEFAULT_LIMITS.string.error}\`, \`${DEFAULT_LIMITS.bytes.error}\`, or an error that clients know for the field. ` +
      'Most texts have a lower limit of their own, with an error of its own, once white space around them is taken off.',
    'Quotas are what a call may spend besides its cost, because it reaches other people, other servers or secrets. They are counted where the call acts; test numbers, ' +
      'service accounts and bots are exempt from most.',
    renderQuotas(),
    'Missing methods are listed by wave: 1 is what clients need to log in, start and chat, 2 groups, channels, files and search, ' +
      '3 bots, stickers, stories, calls, secret chats, 4 payments, business, statistics and the rest.',
    renderTable(
      ['Namespace', 'Methods', 'Done', 'Empty', 'Refused', 'Missing'],
      [countRow('**all**', all), ...[...namespaces].map(([name, rows]) => countRow(name, rows))],
    ),
    ...[...namespaces].map(renderNamespace),
    `## What layer ${LAYER} brings besides methods`,
    '*done*: works. *ignored*: may be sent, and has no effect. *not sent*: clients never get it. *refused*: answered with an error.',
    renderNewestLayer(),
  ]);
}
