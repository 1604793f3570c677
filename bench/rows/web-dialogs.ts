import type { BrowserContext } from 'playwright-core';
import { createMtcuteClient } from '@aerogram/dev-env';
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { Long } from '@mtcute/node';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { phoneOf } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { median, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { beginLogIn, openContext, waitUntil, withBrowser } from '../web/browser.ts';
import { setGate } from '../web/gate.ts';
import { HAS_ROWS, noteRows, READ_ROWS } from '../web/page-scripts.ts';

/** Rows that a person sees at once. */
const ROWS = 20;
const FRAME_MS = 17;
/** Each is measured so often, in turns. */
const TURNS = 5;

/** How soon somebody with many chats sees them: after logging in, and after a reload without the server. */
export async function benchWebDialogs({ seed, profileDir }: BenchOptions): Promise<Row[]> {
  const chats = Math.max(30, Math.round(seed.users / 40));
  return await withServer({ profileDir }, async ({ server: { info } }) => await withBrowser(async (browser) => {
    await writeFromMany(info, chats);
    await using gate = await setGate(info.http.port);
    const [library, client]: [number[], number[]] = [[], []];
    let context: BrowserContext | undefined;
    for (let turn = 0; turn < TURNS; turn++) {
      library.push(await timeLibrary(info));
      await context?.close();
      context = await openContext(browser);
      client.push(await timeFirstRows(context, gate.address));
    }
    await waitUntilStored(context!, gate.address, chats);
    gate.close();
    const [bare, reload]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      bare.push(await timeReload(context!, `${gate.address}bare-list`));
      reload.push(await timeReload(context!, gate.address));
    }
    const rowOf = (name: string, took: number[]): Row => ({ name, p50Ms: median(took), p99Ms: Math.max(...took) });
    const rows = [
      rowOf('mtcute in Node: code → first page of chats', library),
      rowOf(`the web client: code → ${ROWS} rows painted`, client),
      rowOf('a bare page: the same rows from IndexedDB', bare),
      rowOf(`the web client: reload without the server → ${ROWS} of ${chats} rows painted`, reload),
    ];
    rows[1]!.ratios = [ratioTo(BOUNDS.webFirst, rows[1]!.p50Ms!, rows[0]!.p50Ms! + FRAME_MS)];
    rows[3]!.ratios = [ratioTo(BOUNDS.webReload, rows[3]!.p50Ms!, rows[2]!.p50Ms!)];
    return rows;
  }));
}

/** Somebody gets one message from each of many people. */
async function writeFromMany(server: ServerInfo, count: number): Promise<void> {
  const ann = await RawAccount.signUp(server, { name: 'Ann', ...phoneOf(0) });
  for (let n = 1; n <= count; n++) {
    const sender = await RawAccount.signUp(server, { name: `Sender ${n}`, ...phoneOf(n) });
    await sender.meet(ann);
    await sender.send(ann, `a message of ordinary length from sender ${n}, who has something to say`);
    sender.disconnect();
  }
}

async function timeLibrary(server: ServerInfo): Promise<number> {
  const client = await createMtcuteClient(server);
  const { phone, code } = phoneOf(0);
  const sent = await client.call({ _: 'auth.sendCode', phoneNumber: phone, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } });
  if (sent._ !== 'auth.sentCode') throw new Error(sent._);
  const started = performance.now();
  await client.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash: sent.phoneCodeHash, phoneCode: code });
  await client.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: ROWS, hash: Long.ZERO });
  const took = performance.now() - started;
  await client.destroy();
  return took;
}

async function timeFirstRows(context: BrowserContext, address: string): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript(noteRows(ROWS));
  await beginLogIn(page, address, 0);
  const started = Date.now();
  await page.getByRole('button', { name: 'Next' }).click();
  await waitUntil(page, HAS_ROWS);
  return (await page.evaluate<{ at: number }>(READ_ROWS)).at - started;
}

/** Scrolls through the list until all chats are in the browser's database. */
async function waitUntilStored(context: BrowserContext, address: string, chats: number): Promise<void> {
  const [page] = context.pages();
  await waitUntil(page!, `(async () => {
    const list = document.querySelector('.chat-list');
    list.scrollTop = list.scrollHeight;
    const request = indexedDB.open('aerogram-account-1');
    const db = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const count = db.transaction('chats').objectStore('chats').count();
    const stored = await new Promise((resolve) => { count.onsuccess = () => resolve(count.result); });
    db.close();
    return stored >= ${chats};
  })()`);
  await page!.goto(`${address}bare-list`);
}

async function timeReload(context: BrowserContext, address: string): Promise<number> {
  for (const page of context.pages()) await page.close();
  const page = await context.newPage();
  await page.addInitScript(noteRows(ROWS));
  await page.goto(address);
  await waitUntil(page, HAS_ROWS);
  return (await page.evaluate<{ sinceStartMs: number }>(READ_ROWS)).sinceStartMs;
}

