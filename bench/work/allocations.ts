import { type HeapProfiler, type Runtime, Session } from 'node:inspector/promises';
import { findSourceMap } from 'node:module';
import { addTo } from './add-to.ts';
import type { Allocations } from './orders.ts';

/** V8 takes one sample per so many allocated bytes, on average. */
const SAMPLING_INTERVAL = 4096;

/** Measures what this process allocates in V8's heap, including objects that are collected at once. */
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
    const visit = (node: HeapProfiler.SamplingHeapProfileNode, caller: Place): void => {
      const { callFrame, selfSize, children } = node;
      // Memory that built-in functions such as `map` allocate is added to the function that calls them.
      const isBuiltIn = callFrame.url === '';
      const place = isBuiltIn ? { folder: caller.folder, name: `${callFrame.functionName} in ${caller.name}` } : placeOf(callFrame);
      bytes += selfSize;
      if (selfSize > 0) {
        addTo(byFolder, place.folder, selfSize);
        addTo(byFunction, place.name, selfSize);
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

/** Names the place of a function: the source folder inside our package, the npm package, or `node`. */
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
