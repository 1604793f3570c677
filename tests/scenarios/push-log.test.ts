import { type Actor, createIntervalClock, type HintFate } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

/** Interval of the repair of the gateway, in milliseconds (rule S3). */
const REPAIR_MS = 2000;

/** A line of the log about a push or a call. */
interface Line {
  push?: string;
  call?: string;
  outcome?: string;
  owner?: string;
  user?: string;
  session?: string;
  pts?: number;
}

let scenario: Scenario;
let [alice, bob]: Actor[] = [];
let fate: (topic: string) => HintFate = () => 'deliver';
/** All lines of the log, and those since the test last looked. */
const all: string[] = [];
let log: string[] = [];
const clock = createIntervalClock();
beforeAll(async () => {
  scenario = await startScenario({ clock, hintPolicy: (topic) => fate(topic), onLogLine: (line) => void (all.push(line), log.push(line)) });
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const lines = (): Line[] => log.map((line) => JSON.parse(line) as Line);

/** What docs/operators.md says to look for: the lines about one owner's events and one session, in their order. */
function traceOf(session: string, owner: number): string[] {
  return lines().flatMap((line) => (line.push !== undefined && (line.owner === undefined || line.owner === String(owner)) && (line.session === undefined || line.session === session) ? [line.push] : []));
}

/** The first line with these values. */
function find(wanted: Line): Line {
  const found = lines().find((line) => Object.entries(wanted).every(([name, value]) => line[name as keyof Line] === value));
  if (found === undefined) throw new Error(`no line has ${JSON.stringify(wanted)}`);
  return found;
}

test('the debug log tells how a push reached a session, and how it did after its hint was lost', async () => {
  const session = find({ push: 'attached', user: String(bob!.id) }).session!;
  log = [];
  await alice!.send(bob!, 'zebra one');
  await bob!.sees('zebra one');
  await bob!.main.call({ _: 'help.getNearestDc' });
  expect(traceOf(session, bob!.id).slice(0, 3)).toEqual(['heard', 'queued', 'sent']);
  expect(lines()).toContainEqual(expect.objectContaining({ call: 'messages.sendMessage', outcome: 'ok', user: String(alice!.id) }));
  expect(traceOf(find({ call: 'messages.sendMessage' }).session!, alice!.id)).toContain('answered');

  log = [];
  fate = () => 'drop';
  await alice!.send(bob!, 'zebra two');
  fate = () => 'deliver';
  expect(traceOf(session, bob!.id)).not.toContain('heard');
  await clock.runIntervals(REPAIR_MS);
  await bob!.sees('zebra two');
  expect(traceOf(session, bob!.id).filter((push) => push !== 'acknowledged').slice(0, 4)).toEqual(['repaired', 'read', 'queued', 'sent']);
});

test('the debug log tells of the pushes of a channel, and of calls that are refused', async () => {
  const channel = await createChannel(alice!, 'megagroup', 'A zebra crossing');
  await inviteTo(alice!, channel, [bob!]);
  log = [];
  await postIn(alice!, channel, 'zebra three');
  await bob!.sees('zebra three');
  expect(traceOf(find({ push: 'queued', owner: String(channel), user: String(bob!.id) }).session!, channel)).toEqual(expect.arrayContaining(['heard', 'queued', 'sent']));
  await alice!.main.fails({ _: 'channels.toggleSlowMode', channel: alice!.main.inputChannel(channel), seconds: 7 });
  expect(lines()).toContainEqual(expect.objectContaining({ call: 'channels.toggleSlowMode', outcome: 'SECONDS_INVALID' }));
});

test('no line has a text, a name or a phone number', () => {
  expect(all.length).toBeGreaterThan(50);
  for (const secret of ['zebra', 'Alice', 'Bob', alice!.phone, bob!.phone]) expect(all.filter((line) => line.includes(secret))).toEqual([]);
});
