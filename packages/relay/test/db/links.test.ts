import { connect } from 'node:http2';
import { HomeAway } from '@aerogram/cluster';
import { createMetrics, type Logger, silentLogger, systemClock } from '@aerogram/runtime';
import { appendHomeFramesLast, listLinks } from '@aerogram/storage';
import { expect, test } from 'vitest';
import { createHomeAuthority, type HomeIdentity, HomeLinks } from '../../src/index.ts';
import { sessionOptions } from '../../src/sessions/tls.ts';
import { createEnd, createTwoEnds, type End, identities } from './two-ends.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const stateOf = async (end: End): Promise<string> => (await listLinks(end.db))[0]!.state;

/** Greets a home with a certificate. @returns the status of its answer, or why there is none */
async function greet(end: End, identity: HomeIdentity): Promise<number | string> {
  const session = connect(`https://127.0.0.1:${end.links.address!.port}`, { ...sessionOptions(identity), checkServerIdentity: () => undefined });
  try {
    return await new Promise<number | string>((resolve) => {
      session.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      session.once('close', () => resolve('closed'));
      const request = session.request({ ':path': '/hello' });
      request.on('error', () => undefined).on('response', ({ ':status': status }) => resolve(status!)).resume();
    });
  } finally {
    session.destroy();
  }
}

test('a home asks another one, which knows who asks', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  two.links.onAsk('echo', async (body, from) => Buffer.from(`${from}: ${text(body)}`));
  two.links.onAsk('fail', async () => Promise.reject(new Error('hidden words')));
  await expect.poll(() => stateOf(one)).toBe('up');
  expect(text(await one.links.ask(2, 'echo', Buffer.from('hello')))).toBe('1: hello');
  const large = Buffer.alloc(1024 * 1024, 'a');
  two.links.onAsk('large', async (body) => body);
  expect((await one.links.ask(2, 'large', large)).length).toBe(large.length);
  for (const name of ['fail', 'nobody.answers']) await expect(one.links.ask(2, name, Buffer.of(1))).rejects.toThrow(HomeAway);
  // What the other home could not do is no reason to believe that it is away.
  for (let at = 0; at < 10; at++) await one.links.ask(2, 'fail', Buffer.of(1)).catch(() => undefined);
  expect(text(await one.links.ask(2, 'echo', Buffer.from('again')))).toBe('1: again');
  await expect(one.links.ask(3, 'echo', Buffer.of(1))).rejects.toThrow(HomeAway);
});

test('why another home did not answer is in the log, so many times in a while', async () => {
  const said: unknown[] = [];
  const log = Object.assign(Object.create(silentLogger) as Logger, { warn: (fields: object, words: string) => void ('status' in fields && said.push([fields, words])) });
  await using ends = await createTwoEnds(log);
  const { one, two } = ends;
  two.links.onAsk('fail', async () => Promise.reject(new Error('hidden words')));
  await expect.poll(() => stateOf(one)).toBe('up');
  for (const name of ['fail', 'nobody.answers']) await expect(one.links.ask(2, name, Buffer.of(1))).rejects.toThrow(HomeAway);
  expect(said).toEqual([
    [{ dc: 2, question: 'fail', status: 500 }, 'another data centre could not answer a question'],
    [{ dc: 2, question: 'nobody.answers', status: 404 }, 'another data centre does not know a question: an older program runs there'],
  ]);
  for (let at = 0; at < 50; at++) await one.links.ask(2, 'nobody.answers', Buffer.of(1)).catch(() => undefined);
  expect(said.length).toBeLessThan(30);
});

test('questions that are not answered in time fail, and later ones are answered', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  let answers = false;
  two.links.onAsk('slow', async (body) => (answers ? body : new Promise<Uint8Array>(() => undefined)));
  await expect.poll(() => stateOf(one)).toBe('up');
  for (let at = 0; at < 6; at++) await expect(one.links.ask(2, 'slow', Buffer.of(1))).rejects.toThrow(HomeAway);
  answers = true;
  await expect.poll(() => one.links.ask(2, 'slow', Buffer.of(7)).catch(() => undefined)).toEqual(Buffer.of(7));
});

test('a hint arrives, and without a link it is dropped', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  const heard: string[] = [];
  two.links.onHint('typing', (body, from) => void heard.push(`${from}: ${text(body)}`));
  await expect.poll(() => stateOf(one)).toBe('up');
  one.links.hint(2, 'typing', Buffer.alloc(17 * 1024));
  one.links.hint(2, 'unknown', Buffer.from('nobody'));
  one.links.hint(2, 'typing', Buffer.from('first'));
  one.links.hint(2, 'typing', Buffer.from('second'));
  await expect.poll(() => heard).toEqual(['1: first', '1: second']);
  await two.stop();
  await expect.poll(() => stateOf(one)).toBe('down');
  one.links.hint(2, 'typing', Buffer.from('lost'));
  await expect(one.links.ask(2, 'echo', Buffer.of(1))).rejects.toThrow(HomeAway);
});

test('a pause cuts the link for both, keeps what is sent, and ends at once', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  const setState = async (state: 'paused' | 'joined'): Promise<void> => {
    await one.db.q.updateTable('homes').set({ state }).where('dc', '=', 2).execute();
    await one.links.refresh();
  };
  await expect.poll(async () => [await stateOf(one), await stateOf(two)]).toEqual(['up', 'up']);
  await setState('paused');
  await expect.poll(async () => [await stateOf(one), await stateOf(two)]).toEqual(['paused', 'down']);
  await one.write(2, 'a');
  await two.write(1, 'b');
  await expect(two.links.ask(1, 'echo', Buffer.of(1))).rejects.toThrow(HomeAway);
  expect(one.links.others).toEqual([2]);
  expect(await greet(one, two.options.identity)).toBe(403);
  expect([one.frames.applied, two.frames.applied]).toEqual([[], []]);
  await setState('joined');
  await expect.poll(() => [one.frames.applied, two.frames.applied]).toEqual([['b'], ['a']]);
});

test('a home that was removed has no values any more, whose alerts would never end', async () => {
  await using ends = await createTwoEnds();
  const { one } = ends;
  const shown = async (): Promise<string[]> => (await one.options.metrics.render()).split('\n').filter((line) => /^aerogram_link_(?:up|waiting)\{/.test(line));
  await expect.poll(shown).toEqual(['aerogram_link_up{dc="2"} 1', 'aerogram_link_waiting{dc="2"} 0']);
  await one.db.q.updateTable('homes').set({ state: 'removed' }).where('dc', '=', 2).execute();
  await expect.poll(shown).toEqual([]);
  await expect.poll(() => stateOf(one)).toBe('removed');
  await one.links.refresh();
  expect(await shown()).toEqual([]);
});

test('when as much waits as may wait, the home is full until it has caught up', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await two.stop();
  await one.write(2, ...Array.from({ length: 9 }, () => 'x'));
  await one.links.refresh();
  expect(one.links.isBehind(2)).toBe(false);
  await one.write(2, ...Array.from({ length: 990 }, () => 'x'));
  await one.links.refresh();
  expect([one.links.isBehind(2), one.links.isFull(2)]).toEqual([true, false]);
  await one.write(2, 'x');
  // Perhaps before the tables are read again.
  expect(one.links.isFull(2)).toBe(true);
  await one.links.refresh();
  expect([one.links.isFull(2), (await listLinks(one.db))[0]!.waiting]).toEqual([true, 1000]);
  await expect.poll(() => one.options.metrics.render()).toContain('aerogram_link_waiting{dc="2"} 1000\n');
  await two.start();
  await expect.poll(() => one.links.isBehind(2)).toBe(false);
  expect([one.links.isFull(2), two.frames.applied.length]).toEqual([false, 1000]);
  await two.stop();
  await one.write(2, ...Array.from({ length: 10 }, () => 'y'.repeat(100_000)));
  await one.links.refresh();
  expect(one.links.isFull(2)).toBe(true);
});

test('only a home with a certificate of the community is let in, and it is the one that its certificate names', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  const stranger: HomeIdentity = { ...identities(2)[0]!, authority: one.options.identity.authority };
  expect(await greet(one, stranger)).not.toBe(200);
  const self: HomeIdentity = { dc: 2, authority: one.options.identity.authority, ...createHomeAuthority() };
  expect(await greet(one, self)).not.toBe(200);
  expect(await greet(one, two.options.identity)).toBe(200);
  // Its own certificate, and that of a home that is no member.
  expect(await greet(one, one.options.identity)).toBe(403);
});

test('a home that answers where another one is expected is not spoken to', async () => {
  const [first, second] = identities(1, 2);
  await using one = await createEnd(first!, [1, 2, 3]);
  await using two = await createEnd(second!, [1, 2, 3]);
  await one.start();
  await two.start();
  // Home 3 is said to be where home 2 is.
  await one.db.q.updateTable('homes').set({ link_port: two.links.address!.port }).where('dc', '=', 3).execute();
  await one.learn(two);
  await two.learn(one);
  await one.write(3, 'for three');
  await one.write(2, 'for two');
  await expect.poll(() => two.frames.applied).toEqual(['for two']);
  expect((await listLinks(one.db)).map(({ dc, state }) => [dc, state])).toEqual([[2, 'up'], [3, 'down']]);
  // Frames of home 2 are those of home 2, whatever it says: the certificate alone counts.
  await two.write(1, 'from two');
  await expect.poll(() => one.frames.applied).toEqual(['from two']);
  expect(await one.db.q.selectFrom('home_inbox').select('dc').execute()).toEqual([{ dc: 2 }]);
});

test('of two processes of a home one sends the frames, and both can ask', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  two.links.onAsk('echo', async (body) => body);
  const written: number[] = [];
  const metrics = createMetrics();
  await using other = await HomeLinks.open({ ...one.options, metrics, holder: undefined, announce: { written: (dc) => void written.push(dc), onWritten: () => ({ [Symbol.dispose]: () => undefined }) } });
  await other.start(one.frames);
  expect(other.address).toBeUndefined();
  await expect.poll(async () => (await other.ask(2, 'echo', Buffer.of(5)).catch(() => undefined))?.[0]).toBe(5);
  await expect.poll(() => metrics.render()).toContain('aerogram_link_up{dc="2"} 1\n');
  other.framesWritten(2);
  expect(written).toEqual([2]);
  // What another process has written is found without a hint, too.
  await one.db.transact('write', async (tx) => appendHomeFramesLast(tx, 2, [Buffer.from('quiet')], systemClock.now()));
  await expect.poll(() => two.frames.applied).toEqual(['quiet']);
});
