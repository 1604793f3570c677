import type { Locator, Page } from 'playwright-core';
import type { WebPerson, WebStage } from './stage.ts';

/** Keeps the connections of calls where a test finds them, and gives the page a screen to share. */
const KEEP_CONNECTIONS = `
  window.connections = [];
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...options) {
      super(...options);
      window.connections.push(this);
    }
  };
  // A browser without a window has no screen to share.
  if (navigator.mediaDevices) navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = 'hsl(' + (Date.now() / 20) % 360 + ' 80% 50%)';
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 50);
    return canvas.captureStream(20);
  };`;

/** What a page has received of the other side, as its newest connection counts it. */
const RECEIVED = `(async () => {
  const received = { energy: 0, frames: 0 };
  const connection = window.connections.at(-1);
  if (!connection) return received;
  for (const report of (await connection.getStats()).values()) {
    if (report.type !== 'inbound-rtp') continue;
    if (report.kind === 'audio') received.energy += report.totalAudioEnergy ?? 0;
    if (report.kind === 'video') received.frames += report.framesDecoded ?? 0;
  }
  return received;
})()`;

/** Somebody with a microphone that beeps and a camera with a moving picture, whose page may use both. */
export async function personWithCamera(stage: WebStage, name: string, size?: 'desk' | 'phone'): Promise<WebPerson> {
  const person = await stage.open(await stage.world.user(name), size);
  await person.context.grantPermissions(['microphone', 'camera']);
  await person.context.addInitScript(KEEP_CONNECTIONS);
  await person.page.reload();
  await person.logIn();
  return person;
}

/** Two people who have each other in their contacts, so that they may know each other's address. */
export async function meet(one: WebPerson, other: WebPerson): Promise<void> {
  await one.actor.meet(other.actor);
  await other.actor.meet(one.actor);
}

/** How much sound, and how many pictures, came from the other side. */
export const receivedBy = (page: Page): Promise<{ energy: number; frames: number }> => page.evaluate(RECEIVED);

/** The card of a call that rings. */
export const incomingOf = (page: Page): Locator => page.getByRole('alertdialog', { name: 'Incoming call' });

/** The call that a page shows. */
export const callOf = (page: Page, name: string): Locator => page.getByRole('main', { name: `In call with ${name}` });

/** Opens the chat with somebody, and calls them. */
export async function callFrom(caller: WebPerson, callee: WebPerson, button: 'Call' | 'Video call' = 'Call'): Promise<void> {
  const { page } = caller;
  await caller.open(callee.actor);
  const inBar = page.getByRole('main').getByRole('button', { name: button, exact: true });
  await page.getByRole('main').getByRole('button', { name: 'Call', exact: true }).waitFor();
  if (await inBar.isVisible()) return inBar.click();
  // A phone has room for one of the two.
  await caller.go(`chat/${callee.actor.id}/info`);
  await page.getByRole('complementary', { name: 'Info' }).getByRole('button', { name: button, exact: true }).click();
}

/** The lines about calls in the open chat. */
export const linesOf = ({ messages }: WebPerson, text: string | RegExp): Locator => messages.getByRole('button', { name: text });

/** What a button says of the key of a call. */
export const KEY = /^Key of this call: /;
