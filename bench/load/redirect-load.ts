import { CdnLinks, type CdnOrigin, CdnReader, findCdnAddresses, postInNewChannel, RawAccount, sendContent, ServedCdnFile, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { type Outcome, sourceAddress } from './outcome.ts';
import { phoneOf } from './send-load.ts';

const MIB = 1024 * 1024;
const PART_BYTES = 512 * 1024;
/** Accounts of other commands have the numbers below. */
const FIRST_NUMBER = 30_000;

const viewers: RawAccount[] = [];
let owner: RawAccount | undefined;
let channel: tl.InputPeer | undefined;

/** Signs up the owner of the channels, and those who load their files. */
export async function signUpViewers(server: ServerInfo, count: number): Promise<Outcome> {
  const signUp = (n: number): Promise<RawAccount> => RawAccount.signUp(server, { name: `Viewer ${n}`, ...phoneOf(FIRST_NUMBER + n), localAddress: sourceAddress(n) });
  owner = await signUp(0);
  while (viewers.length < count) viewers.push(await signUp(viewers.length + 1));
  return NOTHING;
}

const NOTHING: Outcome = { operations: 0, elapsedMs: 0, ackMs: [] };

/** Posts a new file in the public channel of the owner. */
async function postFile(mib: number): Promise<tl.inputDocumentFileLocation> {
  const content = systemRandom.bytes(mib * MIB);
  if (channel) return sendContent(owner!, content, { peer: channel });
  const first = await postInNewChannel(owner!, content, { title: 'News', name: 'a', username: 'the_news_of_all' });
  channel = { ...first.channel, _: 'inputPeerChannel' };
  return first.location;
}

let posted: tl.inputDocumentFileLocation[] = [];

/** Posts files for the next command. */
export async function postFiles(count: number, mib: number): Promise<Outcome> {
  posted = [];
  while (posted.length < count) posted.push(await postFile(mib));
  return NOTHING;
}

/** The server as a client without support for nodes sees it. */
function withoutNodes(origin: CdnOrigin): CdnOrigin {
  return { getFile: (offset, limit) => origin.getFile(offset, limit, false), reupload: (file, request) => origin.reupload(file, request), getHashes: (token, offset) => origin.getHashes(token, offset) };
}

/** All viewers load the posted files, each one file after the other. The operations of the outcome are MiB. */
export async function viewFiles(mib: number, isByNodes: boolean): Promise<Outcome> {
  const started = performance.now();
  const times = await Promise.all(viewers.map(async (viewer) => {
    await using links = new CdnLinks(await findCdnAddresses(viewer));
    const ackMs: number[] = [];
    for (const location of posted) {
      const origin = new ServedCdnFile(viewer, location);
      const reader = new CdnReader(isByNodes ? origin : withoutNodes(origin), links);
      for (let offset = 0; offset < mib * MIB; offset += PART_BYTES) {
        const at = performance.now();
        await reader.read(offset, PART_BYTES);
        ackMs.push(performance.now() - at);
      }
      const { fromNode, fromOrigin } = reader.counts;
      if (isByNodes ? fromOrigin > 0 : fromNode > 0) throw new Error(`${fromNode} parts of a node and ${fromOrigin} of the server`);
    }
    return ackMs;
  }));
  return { operations: viewers.length * posted.length * mib, elapsedMs: performance.now() - started, ackMs: times.flat() };
}

/** One viewer loads the first part of each posted file from the server, and from a node that does not have it yet. */
export async function firstParts(): Promise<Outcome> {
  const [viewer] = viewers;
  await using links = new CdnLinks(await findCdnAddresses(viewer!));
  const byName: Record<string, number[]> = { own: [], push: [], whole: [] };
  const started = performance.now();
  for (const [i, location] of posted.entries()) {
    const origin = new ServedCdnFile(viewer!, location);
    const own = async (): Promise<void> => {
      const at = performance.now();
      await origin.getFile(0, PART_BYTES, false);
      byName['own']!.push(performance.now() - at);
    };
    const byNode = async (): Promise<void> => {
      let pushedAt = 0;
      const timed: CdnOrigin = {
        getFile: (...args) => origin.getFile(...args),
        getHashes: (...args) => origin.getHashes(...args),
        reupload(file, request) {
          pushedAt = performance.now();
          return origin.reupload(file, request);
        },
      };
      const reader = new CdnReader(timed, links);
      const at = performance.now();
      await reader.read(0, PART_BYTES);
      const now = performance.now();
      if (reader.counts.fromNode !== 1 || pushedAt === 0) throw new Error(`a cold file was not pushed: ${JSON.stringify(reader.counts)}`);
      // The first one includes making a key with the node.
      if (i === 0) return;
      byName['push']!.push(now - pushedAt);
      byName['whole']!.push(now - at);
    };
    for (const load of i % 2 === 0 ? [own, byNode] : [byNode, own]) await load();
  }
  return { operations: posted.length, elapsedMs: performance.now() - started, ackMs: [], byName };
}
