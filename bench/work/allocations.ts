import { type HeapProfiler, type Runtime, Session } from 'node:inspector/promises';
import { findSourceMap } from 'node:module';
import type { Allocations } from './orders.ts';

/** A sample is taken each time so many bytes were allocated, on average. */
const SAMPLING_INTERVAL = 4096;

/** Notes what is allocated in V8's heap of this process, also what lives for a moment only. */
export class AllocationSampler {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
  }

  async begin(): Promise<void> {
    await this.#session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_INTERVAL, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true });
  }

  async end(): Promise<Allocations> {
    const { profile } = await this.#session.post('HeapProfiler.stopSampling');
    const byFolder = new Map<string, number>();
    const byFunction = new Map<string, number>();
    let bytes = 0;
    const add = (sums: Map<string, number>, key: string, size: number): void => void sums.set(key, (sums.get(key) ?? 0) + size);
    const visit = (node: HeapProfiler.SamplingHeapProfileNode, caller: Place): void => {
      const { callFrame, selfSize, children } = node;
      // What V8's own functions allocate, such as `map`, is the doing of those who call them.
      const isBuiltIn = callFrame.url === '';
      const place = isBuiltIn ? { folder: caller.folder, name: `${callFrame.functionName} in ${caller.name}` } : placeOf(callFrame);
      bytes += selfSize;
      if (selfSize > 0) {
        add(byFolder, place.folder, selfSize);
        add(byFunction, place.name, selfSize);
      }
      for (const child of children) visit(child, isBuiltIn ? caller : place);
    };
    visit(profile.head, { folder: 'V8', name: 'V8' });
    return { bytes, byFolder: Object.fromEntries(byFolder), byFunction: Object.fromEntries(byFunction) };
  }
}

interface Place {
  folder: string;
  name: string;
}

/** Where a function stands: the folder of its source inside the package, or the package from npm, or Node itself. */
function placeOf({ url, lineNumber, columnNumber, functionName }: Runtime.CallFrame): Place {
  const path = url.replace(/^file:\/\//, '');
  const entry: { originalSource?: string; originalLine?: number } | undefined = path.startsWith('/') ? findSourceMap(path)?.findEntry(lineNumber, columnNumber) : undefined;
  const source = entry?.originalSource ?? path;
  const folder = folderOf(source);
  const line = entry?.originalLine === undefined ? '' : `:${entry.originalLine + 1}`;
  return { folder, name: `${functionName || '(anonymous)'} ${folder}/${source.split('/').at(-1)}${line}` };
}

function folderOf(source: string): string {
  if (source.startsWith('node:')) return 'node';
  const own = /(?:packages|apps)\/([\w-]+)\/src\/(.*\/)?[\w.-]+$/.exec(source);
  if (own) return `${own[1]}/${own[2] ?? ''}`.replace(/\/$/, '');
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? 'bench';
}
