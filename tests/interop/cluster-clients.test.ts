import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_FETCHES } from '@aerogram/dev-env';
import { findMissingPackages } from '../../tools/cluster/debian-packages.ts';
import { RunningCluster } from '../../tools/cluster/running-cluster.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from '../web/stage.ts';
import type { Library } from './driver-client.ts';
import { DriverProcess } from './driver-process.ts';
import { hashOf, useDisk } from './files-on-disk.ts';
import { MISSING } from './libraries.ts';
import { enter, peerOf, type Person, randomId } from './people-of-libraries.ts';

const FILE_BYTES = 3_000_000;
/** A node that renews its lease no more serves for 3.5 s; after this pause it is lost. In milliseconds. */
const PAST_LEASE_MS = 7000;
const missing = [...findMissingPackages(), ...(MISSING.tdlib === undefined ? [] : [MISSING.tdlib]), ...(hasChromium ? [] : ['chromium'])];

describe.runIf(missing.length === 0)(`TDLib, mtcute and the web client behind HAProxy${missing.map((name) => ` (skipped: ${name})`).join('')}`, () => {
  const disk = useDisk();
  const drivers = new Map<Library, DriverProcess>();
  let directory: string;
  let cluster: RunningCluster;
  let stage: WebStage<{ info: RunningCluster['front'] } & AsyncDisposable> | undefined;
  let tess: Person;
  let max: Person;
  let wanda: WebPerson;
  /** No node has ended yet. */
  let isCalm = true;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aerogram-clients-'));
    // The user postgres must be able to enter it.
    await chmod(directory, 0o755);
    cluster = await RunningCluster.start({ dataDir: join(directory, 'data'), nodes: 3, port: 0, httpPort: 0, env: { ...NO_FETCHES, AEROGRAM_TEST_MODE: 'force' } });
    const server = { info: cluster.front, [Symbol.asyncDispose]: () => cluster.stop() };
    stage = await setWebStage(server);
    for (const library of ['tdlib', 'mtcute'] as const) drivers.set(library, new DriverProcess(library));
    const entrance = { drivers, world: stage.world, server };
    tess = await enter(entrance, 'tdlib', 'Tess');
    max = await enter(entrance, 'mtcute', 'Max');
    wanda = await stage.newcomer('Wanda');
    for (const one of [tess, max]) await one.client.addContact({ phone: wanda.actor.phone, firstName: 'Wanda' });
    await tess.client.addContact({ phone: max.phone, firstName: 'Max' });
    await max.client.addContact({ phone: tess.phone, firstName: 'Tess' });
  });
  afterAll(async () => {
    for (const driver of drivers.values()) await driver[Symbol.asyncDispose]();
    await endWebStage(stage);
    await cluster?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /**
   * Waits until somebody has a text. mtcute 0.30 does not ask for the difference after a `new_session_created`, but when the next update shows it that something is
   * missing: so, while sessions end, Max looks into the history.
   */
  async function hears({ client }: Person, from: number, text: string): Promise<void> {
    if (client === tess.client || isCalm) await client.seesMessage(text);
    else await expect.poll(async () => (await client.history({ peer: from, limit: 20 })).map((message) => message.text), { timeout: 60_000 }).toContain(text);
  }

  /** Everybody writes to everybody. */
  async function exchange(when: string): Promise<void> {
    for (const [from, to] of [[tess, max], [max, tess]] as const) {
      await from.client.send({ peer: to.id, text: `from ${from.firstName} ${when}` });
      await hears(to, from.id, `from ${from.firstName} ${when}`);
    }
    for (const person of [tess, max]) {
      const { client, id, firstName } = person;
      await client.send({ peer: wanda.actor.id, text: `${firstName} to Wanda ${when}` });
      await wanda.go(`chat/${id}`);
      await wanda.message(`${firstName} to Wanda ${when}`).waitFor();
      await wanda.send(`Wanda to ${firstName} ${when}`);
      await hears(person, wanda.actor.id, `Wanda to ${firstName} ${when}`);
      await wanda.message(`Wanda to ${firstName} ${when}`).getByRole('img', { name: /^(Sent|Read)$/ }).waitFor();
    }
  }

  /** Ends each node in turn, so that everybody is on one that ends and has a key that moves. */
  async function endEachNode(how: 'SIGTERM' | 'SIGKILL', during: (node: string) => Promise<void>): Promise<void> {
    isCalm = false;
    for (const node of cluster.nodes) {
      const part = cluster.parts.get(node)!;
      const before = part.pid;
      part.signal(how);
      await during(node);
      await expect.poll(() => part.pid ?? before, { timeout: 60_000 }).not.toBe(before);
      await cluster.ready();
    }
  }

  test('they write to one another', () => exchange('at first'));

  test('a file of each of them is the same for the others', async () => {
    const { path, bytes } = await disk.makeFile('tess.bin', FILE_BYTES);
    await tess.client.sendFile({ peer: wanda.actor.id, path, caption: 'a file of Tess' });
    await wanda.go(`chat/${tess.id}`);
    const download = wanda.page.waitForEvent('download');
    await wanda.message('a file of Tess').getByRole('button', { name: /^tess\.bin/ }).click();
    expect(hashOf(await readFile(await (await download).path()))).toBe(hashOf(bytes));
    const buffer = randomBytes(FILE_BYTES);
    await wanda.page.getByLabel('File', { exact: true }).setInputFiles([{ name: 'wanda.zip', mimeType: 'application/zip', buffer }]);
    const dialog = wanda.dialog('Send files');
    await dialog.getByRole('textbox', { name: 'Caption' }).fill('a file of Wanda');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    const { id } = await tess.client.seesMessage('a file of Wanda');
    await tess.client.saveFile({ peer: wanda.actor.id, id, path: disk.pathOf('wanda.zip') });
    expect(hashOf(await readFile(disk.pathOf('wanda.zip')))).toBe(hashOf(buffer));
    await max.client.sendFile({ peer: tess.id, path, caption: 'a file of Max' });
    const { id: sent } = await tess.client.seesMessage('a file of Max');
    await tess.client.saveFile({ peer: max.id, id: sent, path: disk.pathOf('max.bin') });
    expect(hashOf(await readFile(disk.pathOf('max.bin')))).toBe(hashOf(bytes));
  });

  test('they go on while each node is drained, and when it is back', async () => {
    await endEachNode('SIGTERM', (node) => exchange(`while ${node} leaves`));
    await exchange('after all have left once');
  });

  test('they go on after each node was killed', async () => {
    await endEachNode('SIGKILL', (node) => exchange(`after the death of ${node}`));
    await exchange('after all have died once');
  });

  /** Runs one after the other as long as something lasts. @returns how long the longest took, in milliseconds */
  async function longestOf(send: (at: number) => Promise<unknown>, lasting: { isOver: boolean }): Promise<number> {
    let longest = 0;
    for (let at = 0; !lasting.isOver; at++) {
      const sinceMs = performance.now();
      await send(at);
      longest = Math.max(longest, performance.now() - sinceMs);
    }
    return longest;
  }

  test.each(['SIGKILL', 'SIGSTOP', 'SIGTERM'] as const)('texts that mtcute has come one after another wait about as long as others, and each is sent once: %s', async (how) => {
    const texts: string[] = [];
    const name = (text: string): string => (texts.push(text), text);
    const lasting = { isOver: false };
    const plain = longestOf((at) => max.client.invoke('messages.sendMessage', { peer: peerOf(tess), message: name(`${how} alone ${at}`), random_id: randomId() }), lasting);
    const chained = longestOf((at) => max.client.sendAll({ peer: tess.id, texts: [0, 1, 2].map((part) => name(`${how} in turn ${at}.${part}`)) }), lasting);
    if (how === 'SIGSTOP') {
      for (const node of cluster.nodes) {
        cluster.parts.get(node)!.signal('SIGSTOP');
        await delay(PAST_LEASE_MS);
        cluster.parts.get(node)!.signal('SIGCONT');
        await cluster.ready();
      }
    } else await endEachNode(how, () => delay(PAST_LEASE_MS));
    lasting.isOver = true;
    const [plainMs, chainedMs] = await Promise.all([plain, chained]);
    console.log(`${how}: the longest of the plain sends took ${Math.round(plainMs)} ms, of the chained ones ${Math.round(chainedMs)} ms`);
    expect(chainedMs).toBeLessThanOrEqual(1.2 * plainMs + 1000);
    const history = await max.client.pages({ peer: tess.id, page: 100 });
    const sent = new Set(texts);
    expect(history.filter((text) => sent.has(text)).sort()).toEqual([...sent].sort());
  });

  test('the web client shows the same when it loads everything anew, and TDLib has met nothing that it did not expect', async () => {
    await wanda.sameAfterReload();
    expect(await tess.client.complaints()).toEqual([]);
  });
});
