import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { CHROMIUM, hasChromium, QUIET_CHROMIUM } from '@aerogram/dev-env/load';
import { passwordOf } from '@aerogram/turn';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveRelay, type ServedRelay } from '../../packages/node/src/calls/serve-relay.ts';

const UCLIENT = '/usr/bin/turnutils_uclient';
const STUNCLIENT = '/usr/bin/turnutils_stunclient';
const hasCoturn = existsSync(UCLIENT);

const SECRET = 'secret of a test';
const run = promisify(execFile);

/** Runs in the page: two ends connect, one says something, and the page tells what the other heard and by what kinds of addresses. */
const CONNECT = `async (iceServer) => {
  const [one, other] = [0, 1].map(() => new RTCPeerConnection({ iceServers: [iceServer], iceTransportPolicy: 'relay' }));
  one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => candidate && one.addIceCandidate(candidate);
  const channel = one.createDataChannel('x');
  const heard = new Promise((resolve) => { other.ondatachannel = ({ channel: opened }) => { opened.onmessage = ({ data }) => resolve(data); }; });
  channel.onopen = () => channel.send('through the relay');
  await one.setLocalDescription(await one.createOffer());
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription(await other.createAnswer());
  await one.setRemoteDescription(other.localDescription);
  const text = await heard;
  const kinds = new Set();
  for (const stat of (await one.getStats()).values()) if (stat.type === 'local-candidate') kinds.add(stat.candidateType);
  one.close();
  other.close();
  return { text, kinds: [...kinds] };
}`;

let relay: ServedRelay;
beforeAll(async () => {
  relay = await serveRelay({ listen: { host: '127.0.0.1', port: 0 }, relayPorts: { from: 0, to: 0 }, addresses: { 4: '127.0.0.1' }, secret: SECRET, isLocalOnly: true });
});
afterAll(() => relay?.[Symbol.asyncDispose]());

describe.runIf(hasCoturn)(`the relay and the programs of coturn${hasCoturn ? '' : ' (skipped: coturn)'}`, () => {
  /** What the client counts at its end. */
  async function send(...options: string[]): Promise<{ sent: number; received: number; lost: number }> {
    const args = ['-W', SECRET, '-u', 'test', '-p', String(relay.port), '-n', '100', '-z', '5', '-m', '4', '-c', ...options, '127.0.0.1'];
    const { stdout } = await run(UCLIENT, args, { maxBuffer: 1 << 24 });
    const numbers = (form: RegExp): number => Number([...stdout.matchAll(form)].at(-1)?.[1] ?? Number.NaN);
    return { sent: numbers(/tot_send_msgs=(\d+)/g), received: numbers(/tot_recv_msgs=(\d+)/g), lost: numbers(/Total lost packets (\d+)/g) };
  }

  let peer: Socket;
  beforeAll(async () => {
    peer = createSocket('udp4', (data, from) => peer.send(data, from.port, from.address)).bind(0, '127.0.0.1');
    await once(peer, 'listening');
  });
  afterAll(() => peer?.close());

  const toPeer = (): string[] => ['-e', '127.0.0.1', '-r', String(peer.address().port)];
  const EACH = { sent: 400, received: 400, lost: 0 };

  test('pass on all packets by channels, over UDP and over TCP', async () => {
    expect(await send(...toPeer())).toEqual(EACH);
    expect(await send('-t', ...toPeer())).toEqual(EACH);
  });

  test('pass on all packets by indications, over UDP and over TCP', async () => {
    expect(await send('-s', ...toPeer())).toEqual(EACH);
    expect(await send('-t', '-s', ...toPeer())).toEqual(EACH);
  });

  test('pass on all packets between two clients of the relay', async () => {
    expect(await send('-y')).toMatchObject({ lost: 0, received: expect.toSatisfy((count: number) => count >= 400) });
  });

  test('find the address of a client', async () => {
    const { stdout } = await run(STUNCLIENT, ['-p', String(relay.port), '127.0.0.1']);
    expect(stdout).toMatch(/UDP reflexive addr: 127\.0\.0\.1:\d+/);
  });
});

describe.runIf(hasChromium)(`the relay and a browser${hasChromium ? '' : ' (skipped: chromium)'}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET_CHROMIUM });
  });
  afterAll(() => browser?.close());

  for (const over of ['udp', 'tcp']) {
    test(`connect two ends that use nothing but the relay, over ${over}`, async () => {
      const page = await browser.newPage();
      const username = `${Math.floor(Date.now() / 1000) + 600}:call`;
      const server = { urls: `turn:127.0.0.1:${relay.port}?transport=${over}`, username, credential: passwordOf(username, SECRET) };
      const said = await page.evaluate(`(${CONNECT})(${JSON.stringify(server)})`);
      expect(said).toEqual({ text: 'through the relay', kinds: ['relay'] });
      await page.close();
    });
  }
});
