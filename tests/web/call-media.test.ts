import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CHROMIUM, findRepositoryRoot, hasChromium, QUIET_CHROMIUM } from '@aerogram/dev-env/load';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const FLAGS = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'];

/** What tests do inside of the page, as text: the types of browsers are not known here. */
const STAGE = `
const TONES = { caller: 1000, callee: 3000 };
window.ends = {};
window.context = new AudioContext();
/** A microphone that sings one tone. */
function singer(frequency) {
  const oscillator = new OscillatorNode(context, { frequency });
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0];
}
/** A picture that changes. */
window.picture = (width, height) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const paper = canvas.getContext('2d');
  let count = 0;
  setInterval(() => { paper.fillStyle = 'hsl(' + (count++ * 20) % 360 + ' 90% 50%)'; paper.fillRect(0, 0, width, height); }, 60);
  return canvas.captureStream(15).getVideoTracks()[0];
};
const Plain = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...options) {
    super(...options);
    connections.push(this);
  }
};
window.connect = (version, options = {}) => {
  window.connections = [];
  for (const end of Object.values(ends)) end.close();
  const key = crypto.getRandomValues(new Uint8Array(256));
  const other = { caller: 'callee', callee: 'caller' };
  const delivered = window.delivered = [];
  window.isCut = false;
  for (const name of ['caller', 'callee']) {
    ends[name] = new CallMedia({
      isCaller: name === 'caller', key, version, relays: [], p2pAllowed: true, withVideo: false, microphone: singer(TONES[name]),
      sendSignalling: (data) => { delivered.push(data.length); if (!isCut) queueMicrotask(() => ends[other[name]]?.receiveSignalling(data)); },
      ...options,
    });
  }
};
/** The loudest frequency that one end hears, in Hz; 0 in silence. */
const ears = new Map();
window.hear = (name) => {
  const stream = ends[name].state.remoteAudio;
  if (!stream) return 0;
  if (!ears.has(stream)) {
    // Chromium decodes a stream of a connection only for an element.
    const audio = new Audio();
    audio.muted = true;
    audio.srcObject = stream;
    void audio.play();
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(analyser);
    ears.set(stream, { analyser, audio });
  }
  const { analyser } = ears.get(stream);
  const values = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(values);
  const loudest = values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
  return values[loudest] > -70 ? loudest * context.sampleRate / analyser.fftSize : 0;
};
/** The size of what one end sees, and how many pictures came. */
const eyes = new Map();
window.see = (name, which) => {
  const stream = ends[name].state[which];
  if (!stream) return undefined;
  if (!eyes.has(stream)) {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, autoplay: true, srcObject: stream });
    document.body.append(video);
    eyes.set(stream, video);
  }
  const video = eyes.get(stream);
  return { ratio: video.videoHeight && video.videoWidth / video.videoHeight, frames: video.getVideoPlaybackQuality().totalVideoFrames };
};
window.stateOf = (name) => {
  const { phase, muted, remoteMuted, remoteVideoState, quality, isRelayed } = ends[name].state;
  return { phase, muted, remoteMuted, remoteVideoState, quality, isRelayed };
};
`;

describe.skipIf(!hasChromium)('the media of calls', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;

  beforeAll(async () => {
    const entry = join(findRepositoryRoot(), 'apps/web/src/call-media/call-media.ts');
    const { outputFiles } = await build({ stdin: { contents: `import { CallMedia } from ${JSON.stringify(entry)}; window.CallMedia = CallMedia; ${STAGE}`, resolveDir: findRepositoryRoot() }, bundle: true, write: false, format: 'iife' });
    const [file] = outputFiles;
    server = createServer(({ url }, response) => {
      const isScript = url === '/page.js';
      response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? file!.text : '<!doctype html><title>Calls</title><body><script src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET_CHROMIUM, ...FLAGS] });
    page = await browser.newPage();
    page.on('pageerror', (error) => expect.fail(String(error)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => void server?.close(resolve));
  });

  const run = <T>(script: string): Promise<T> => page.evaluate<T>(script);
  const hear = (name: string): Promise<number> => run(`hear('${name}')`);
  const state = (name: string): Promise<Record<string, unknown>> => run(`stateOf('${name}')`);
  const see = (name: string, which: string): Promise<{ ratio: number; frames: number } | undefined> => run(`see('${name}', '${which}')`);

  /** Waits until both hear the tone of each other. */
  async function hearEachOther(): Promise<void> {
    await expect.poll(() => hear('callee')).toSatisfy((tone: number) => Math.abs(tone - 1000) < 60);
    await expect.poll(() => hear('caller')).toSatisfy((tone: number) => Math.abs(tone - 3000) < 60);
  }

  /** Waits until a picture is seen that moves. */
  async function seeMoving(name: string, which: string, ratio: number): Promise<void> {
    await expect.poll(async () => (await see(name, which))?.ratio).toBeCloseTo(ratio, 1);
    const { frames } = (await see(name, which))!;
    await expect.poll(async () => (await see(name, which))!.frames).toBeGreaterThan(frames + 5);
  }

  test.each(['13.0.0', '9.0.0', '8.0.0'])('both ends hear each other with version %s', async (version) => {
    await run(`connect('${version}')`);
    await expect.poll(() => state('caller')).toMatchObject({ phase: 'connected', isRelayed: false });
    await expect.poll(() => state('callee')).toMatchObject({ phase: 'connected' });
    await hearEachOther();
    await expect.poll(async () => (await state('caller'))['quality']).toBe(4);
    expect(Math.max(...(await run<number[]>('delivered')))).toBeLessThan(16 * 1024);
  });

  test('a camera and a screen are shown, stopped and shown again; who is muted is told', async () => {
    await run(`connect('13.0.0')`);
    await hearEachOther();
    await run(`ends.caller.setMuted(true)`);
    await expect.poll(() => state('callee')).toMatchObject({ remoteMuted: true, remoteVideoState: 'inactive' });
    await expect.poll(() => hear('callee')).toBe(0);
    await run(`ends.caller.setMuted(false)`);
    await expect.poll(() => state('callee')).toMatchObject({ remoteMuted: false });

    await run(`ends.callee.setScreen(picture(640, 200))`);
    await seeMoving('caller', 'remoteScreen', 3.2);
    expect(await see('caller', 'remoteCamera')).toBeUndefined();
    await run(`ends.callee.setCamera(picture(320, 240))`);
    await seeMoving('caller', 'remoteCamera', 4 / 3);
    await seeMoving('caller', 'remoteScreen', 3.2);
    await run(`ends.caller.setCamera(true)`);
    await expect.poll(async () => (await see('callee', 'remoteCamera'))?.frames).toBeGreaterThan(5);
    expect(await state('callee')).toMatchObject({ remoteVideoState: 'active' });

    await run(`ends.callee.setCamera(false)`);
    await expect.poll(() => state('caller')).toMatchObject({ remoteVideoState: 'inactive' });
    expect(await see('caller', 'remoteCamera')).toBeUndefined();
    await seeMoving('caller', 'remoteScreen', 3.2);
    await run(`ends.callee.setCamera(picture(480, 240))`);
    await seeMoving('caller', 'remoteCamera', 2);
    await hearEachOther();
  });

  test('both begin with a camera at once', async () => {
    await run(`connect('9.0.0', { withVideo: true })`);
    for (const name of ['caller', 'callee']) await expect.poll(async () => (await see(name, 'remoteCamera'))?.frames).toBeGreaterThan(5);
    await hearEachOther();
  });

  test('the caller looks for new ways after the connection was lost, and the streams go on', async () => {
    await run(`connect('13.0.0')`);
    await hearEachOther();
    await run(`ends.callee.setCamera(picture(480, 240))`);
    await seeMoving('caller', 'remoteCamera', 2);
    const names = await run<string[]>(`connections.map(({ remoteDescription }) => /ice-ufrag:(.*)/.exec(remoteDescription.sdp)[1])`);
    await run(`connections.forEach((each) => { Object.defineProperty(each, 'connectionState', { get: () => 'failed', configurable: true }); each.onconnectionstatechange(); delete each.connectionState; })`);
    await expect.poll(() => state('caller')).toMatchObject({ phase: 'reconnecting' });
    await expect.poll(() => run<string[]>(`connections.map(({ remoteDescription }) => /ice-ufrag:(.*)/.exec(remoteDescription.sdp)[1])`)).toSatisfy((now: string[]) => now.every((name, at) => name !== names[at]));
    await expect.poll(() => run<string[]>(`connections.map(({ connectionState }) => connectionState)`)).toEqual(['connected', 'connected']);
    for (const name of ['caller', 'callee']) await expect.poll(() => state(name)).toMatchObject({ phase: 'connected' });
    await hearEachOther();
    await seeMoving('caller', 'remoteCamera', 2);
  });
});
