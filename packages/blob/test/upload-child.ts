// Saves parts of one file in a process of its own, for uploads-processes.test.ts. Reads JSON from the first argument, prints JSON lines.
import { open } from 'node:fs/promises';
import { seededRandom, systemClock, systemRandom } from '@aerogram/runtime';
import { MasterKeyText, MasterKeys, Uploads } from '../src/index.ts';

export interface ChildTask {
  root: string;
  masterKey: string;
  fileId: string;
  seed: string;
  partSize: number;
  totalParts: number;
  parts: number[];
  /** Kills itself when half of this part is written. */
  killAtPart?: number;
}

const task = JSON.parse(process.argv[2]!) as ChildTask;
const keys = await MasterKeys.open(new MasterKeyText(task.masterKey, 'the test'), systemRandom);
await using uploads = await Uploads.open({ root: task.root, keys, random: systemRandom, clock: systemClock, maxParts: 4000, maxBytesPerUser: 2 ** 32, maxUploadsPerUser: 64 });
const content = seededRandom(task.seed).bytes(task.partSize * task.totalParts);

if (task.killAtPart !== undefined) {
  const doomedOffset = task.killAtPart * task.partSize;
  const handle = await open(process.argv[1]!);
  const prototype = Object.getPrototypeOf(handle) as { write: (...args: unknown[]) => Promise<unknown> };
  await handle.close();
  const write = prototype.write;
  prototype.write = async function (...args: unknown[]) {
    const [bytes, from, length, offset] = args as [Uint8Array, number, number, number];
    if (length !== task.partSize || offset !== doomedOffset) return await write.apply(this, args);
    await write.call(this, bytes, from, length / 2, offset);
    process.kill(process.pid, 'SIGKILL');
    return await new Promise(() => {});
  };
}

console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const outcomes = await Promise.all(
  task.parts.map(async (part) => {
    const bytes = content.subarray(part * task.partSize, (part + 1) * task.partSize);
    const result = await uploads.savePart({ userId: 42n, fileId: BigInt(task.fileId), part, totalParts: task.totalParts }, bytes);
    return result.outcome;
  }),
);
console.log(JSON.stringify(outcomes));
