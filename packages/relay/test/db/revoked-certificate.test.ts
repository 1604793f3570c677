import { connect } from 'node:http2';
import { HomeAway } from '@aerogram/cluster';
import { type Logger, silentLogger, systemClock } from '@aerogram/runtime';
import { listLinks, raiseCertificatesFrom } from '@aerogram/storage';
import { beforeEach, expect, test } from 'vitest';
import { type HomeIdentity, nextCertificateStart } from '../../src/index.ts';
import { CERTIFICATE_REVOKED, sessionOptions } from '../../src/sessions/tls.ts';
import { createEnd, type End, identityMaker } from './two-ends.ts';

interface Said {
  event?: string;
  dc: number;
  side: string;
  address: string;
}

/** From when the new certificate of home 2 is good, and what was said of refused ones, by the home that said it. */
const START = nextCertificateStart(systemClock.now());
let said: (Said & { by: number })[];
let identityOf: ReturnType<typeof identityMaker>;
beforeEach(() => {
  said = [];
  identityOf = identityMaker();
});

function logOf(by: number): Logger {
  const note = (fields: Said): void => void (fields.event === 'home_certificate_refused' && said.push({ by, ...fields }));
  return Object.assign(Object.create(silentLogger) as Logger, { warn: note, error: note });
}

const revoke = async ({ db, links }: End, dc: number, from: number): Promise<void> => {
  await db.transact('revoke', (tx) => raiseCertificatesFrom(tx, dc, from));
  await links.refresh();
};

const stateOf = async (end: End): Promise<string> => (await listLinks(end.db))[0]!.state;

/** Greets a home with a certificate. @returns the status of its answer, or the code with which it ends the connection */
async function greet({ links }: End, identity: HomeIdentity): Promise<number | string> {
  const session = connect(`https://127.0.0.1:${links.address!.port}`, { ...sessionOptions(identity), checkServerIdentity: () => undefined });
  try {
    return await new Promise<number | string>((resolve) => {
      session.on('error', () => undefined);
      session.once('goaway', (code) => resolve(`ended with ${code}`));
      session.once('close', () => resolve('closed'));
      session.request({ ':path': '/hello' }).on('error', () => undefined).on('response', ({ ':status': status }) => resolve(status!)).resume();
    });
  } finally {
    session.destroy();
  }
}

const REFUSED = `ended with ${CERTIFICATE_REVOKED}`;

test('a certificate that begins a second before the date is refused, and one that begins with it is taken', async () => {
  await using one = await createEnd(identityOf(1), [1, 2, 3], logOf(1));
  await one.start();
  expect(await greet(one, identityOf(2, START - 1))).toBe(200);
  await revoke(one, 2, START);
  expect(await greet(one, identityOf(2, START - 1))).toBe(REFUSED);
  expect(await greet(one, identityOf(2, START))).toBe(200);
  // Of another home nothing was revoked, and what was cannot be good again.
  expect(await greet(one, identityOf(3, START - 1))).toBe(200);
  await revoke(one, 2, START - 1);
  expect(await greet(one, identityOf(2, START - 1))).toBe(REFUSED);
});

test('whoever comes again and again with a revoked certificate fills neither the log nor the places of the home', async () => {
  await using one = await createEnd(identityOf(1), [1, 2], logOf(1));
  await one.start();
  await revoke(one, 2, START);
  const old = identityOf(2, START - 1);
  const answers = await Promise.all(Array.from({ length: 100 }, () => greet(one, old)));
  expect(new Set(answers)).toEqual(new Set([REFUSED]));
  expect(said).toEqual([{ by: 1, event: 'home_certificate_refused', dc: 2, side: 'here', address: '127.0.0.1' }]);
  expect(await greet(one, identityOf(2, START))).toBe(200);
  // With a home that was cut off by its operator no link is wanted, so nobody need hear of its certificates.
  await one.stop();
  said = [];
  await one.db.q.updateTable('homes').set({ state: 'paused' }).where('dc', '=', 2).execute();
  await one.start();
  expect([await greet(one, old), said]).toEqual([REFUSED, []]);
});

test('a link ends in both directions when the certificate is revoked, what is sent waits, and it arrives with the new certificate', async () => {
  await using one = await createEnd(identityOf(1), [1, 2], logOf(1));
  await using two = await createEnd(identityOf(2, START - 1), [1, 2], logOf(2));
  await one.start();
  await two.start();
  await one.learn(two);
  await two.learn(one);
  await expect.poll(async () => [await stateOf(one), await stateOf(two)]).toEqual(['up', 'up']);
  two.links.onAsk('echo', async (body) => body);
  one.links.onAsk('echo', async (body) => body);
  await revoke(one, 2, START);
  // What it had opened has ended with the reading of the table.
  await expect(one.links.ask(2, 'echo', Buffer.of(1))).rejects.toThrow(HomeAway);
  await expect.poll(async () => [await stateOf(one), await stateOf(two)]).toEqual(['down', 'down']);
  await expect(two.links.ask(1, 'echo', Buffer.of(1))).rejects.toThrow(HomeAway);
  await one.write(2, 'of one');
  await two.write(1, 'of two');
  const [first, second] = [one, two].map((end) => `127.0.0.1:${end.links.address!.port}`);
  const refusal = { event: 'home_certificate_refused' };
  await expect.poll(() => said.toSorted((a, b) => a.by - b.by)).toEqual([{ by: 1, ...refusal, dc: 2, side: 'here', address: expect.stringMatching(`127.0.0.1|${second!}`) as string }, { by: 2, ...refusal, dc: 1, side: 'there', address: first }]);
  // Each has dialled since, at least until it was refused.
  expect([one.frames.applied, two.frames.applied, await stateOf(one), await stateOf(two)]).toEqual([[], [], 'down', 'down']);

  await two.stop();
  await two.start({ identity: identityOf(2, START) });
  await expect.poll(() => [one.frames.applied, two.frames.applied]).toEqual([['of two'], ['of one']]);
  expect([await stateOf(one), await stateOf(two)]).toEqual(['up', 'up']);
});

test('a home that listens with a revoked certificate is not spoken to', async () => {
  await using one = await createEnd(identityOf(1), [1, 2], logOf(1));
  await using two = await createEnd(identityOf(2, START - 1), [1, 2]);
  await one.start();
  await two.start();
  await revoke(one, 2, START);
  // It dials nobody itself.
  await one.learn(two);
  await one.write(2, 'for the home itself');
  await expect.poll(() => said).toEqual([{ by: 1, event: 'home_certificate_refused', dc: 2, side: 'here', address: `127.0.0.1:${two.links.address!.port}` }]);
  expect([await stateOf(one), two.frames.applied]).toEqual(['down', []]);
  await two.stop();
  await two.start({ identity: identityOf(2, START) });
  await expect.poll(() => two.frames.applied).toEqual(['for the home itself']);
});
