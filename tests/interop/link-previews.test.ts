import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { enterHousehold, getHistory, leave, NO_HASH, peerOf, randomId, TURNS } from './people-of-libraries.ts';

/** Public pages, on a port that is known before the server starts. */
const site = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<meta property="og:title" content="Page ${request.url}"><meta property="og:site_name" content="Site">`);
});
const env: Record<string, string> = { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1' };
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  env['AEROGRAM_LINK_PREVIEW_PORTS'] = String(port);
});
const libraries = useLibraries(env);
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

const pageOf = (message: Plain | undefined): Plain | undefined => (message?.['media'] as { webpage?: Plain } | null | undefined)?.webpage;

/** The page of a message as a library shows it; newer layers wrap it. */
async function preview(client: DriverClient, message: string): Promise<Plain | undefined> {
  const answer = await client.invoke('messages.getWebPagePreview', { message });
  return pageOf(answer._ === 'webPagePreview' ? answer : { ...answer, media: answer });
}

async function getPage(client: DriverClient, url: string, hash: number): Promise<Plain> {
  const answer = await client.invoke('messages.getWebPage', { url, hash });
  return answer._ === 'webPage' && answer['webpage'] !== undefined ? (answer['webpage'] as Plain) : answer;
}

describe('a link sent with one library has a preview in another', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;
    test(`${acts} sends, ${sees} and ${other} see the page`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const url = `${base}/${acts}`;
      const webpage = { _: 'webPage', url, title: `Page /${acts}`, site_name: 'Site' };
      expect(await preview(alice.client, `look at ${url}`)).toMatchObject({ _: expect.stringMatching(/^webPage(Pending)?$/) });
      await tablet.client.sees('the page', (event) => event.kind === 'update' && event.update._ === 'updateWebPage' && (event.update['webpage'] as Plain)['url'] === url);
      expect(await preview(alice.client, `look at ${url}`)).toMatchObject(webpage);
      const page = await getPage(alice.client, url, 0);
      expect(page).toMatchObject(webpage);
      expect(await getPage(alice.client, url, page['hash'] as number)).toMatchObject({ _: 'webPageNotModified' });

      // A page that is already known is part of the message; another follows as an edit.
      await alice.client.send({ peer: bob.id, text: `known: ${url}` });
      await bob.client.seesMessage(`known: ${url}`);
      expect(pageOf((await getHistory(bob.client, alice))[0])).toMatchObject(webpage);
      const { id } = await alice.client.send({ peer: bob.id, text: `fresh: ${url}/2` });
      for (const device of [tablet, bob]) {
        await device.client.seesMessage(`fresh: ${url}/2`);
        await device.client.sees('the page', (event) => (event.kind === 'edit' && event.text === `fresh: ${url}/2`) || (event.kind === 'update' && event.update._ === 'updateWebPage' && (event.update['webpage'] as Plain)['url'] === `${url}/2`));
      }
      expect(pageOf((await getHistory(bob.client, alice))[0])).toMatchObject({ title: `Page /${acts}/2` });
      expect(pageOf((await getHistory(tablet.client, bob))[0])).toMatchObject({ title: `Page /${acts}/2` });

      await alice.client.invoke('messages.editMessage', { no_webpage: true, peer: peerOf(bob), id, message: `plain: ${url}/2` });
      await bob.client.sees('the edit', (event) => event.kind === 'edit' && event.text === `plain: ${url}/2`);
      expect(pageOf((await getHistory(bob.client, alice))[0])).toBeUndefined();
      await alice.client.invoke('messages.sendMessage', { no_webpage: true, peer: peerOf(bob), message: `bare: ${url}`, random_id: randomId() });
      await bob.client.seesMessage(`bare: ${url}`);
      expect(pageOf((await getHistory(bob.client, alice))[0])).toBeUndefined();

      const search = { peer: peerOf(alice), q: '', filter: { _: 'inputMessagesFilterUrl' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: NO_HASH };
      expect((await bob.client.invoke('messages.search', search))['messages']).toMatchObject([{ message: `bare: ${url}` }, { message: `plain: ${url}/2` }, { message: `known: ${url}` }]);
      await leave(household);
    });
  }
});
