import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Cloud } from './cloud.ts';
import { findKitFile } from './kit-file.ts';
import { openCacheFolder } from './launch/cache-folder.ts';
import { makeCloudFolder, removeLeftovers } from './launch/cloud-folders.ts';
import { copyDirectory } from './launch/copy-directory.ts';
import { KitProcess } from './launch/kit-process.ts';
import { prepareTemplate } from './launch/template.ts';

/** Options of `startCloud`. */
export interface CloudOptions {
  /** Whether the limits of an ordinary server hold; off by default, so that tests never wait for them. */
  limits?: boolean;
  /** Data directory, which is made if it is missing, and kept. By default a copy of a template, which is deleted at the end. */
  dataDir?: string;
  /** Folder for the template, which is made at the first start and takes some seconds and 60 MB; a folder of this user among the temporary files by default. In CI it can be cached. */
  cacheDir?: string;
  /** Called with each line of the server's log. */
  log?: (line: string) => void;
}

/**
 * Starts a cloud: a whole server with its own database, on free ports of this machine. Several can run side by side.
 *
 * The first start of a version makes a template and takes some seconds; later ones copy it. The cloud ends with `stop()`, at the end of an `await using`, or with
 * this process, also if it is killed. It does not keep the process alive: a cloud that was forgotten does not hang the test run.
 * @throws CloudError `start` with the last lines of the server's log
 * @example await using cloud = await startCloud();
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { limits = false, dataDir, log } = options;
  const kitFile = findKitFile();
  if (dataDir !== undefined) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const kit = await KitProcess.start({ kitFile, dataDir: resolve(dataDir), limits, log });
    return makeCloud(kit, async () => {});
  }
  const cache = openCacheFolder(options.cacheDir);
  const clouds = join(cache, 'clouds');
  await removeLeftovers(clouds);
  const template = await prepareTemplate(join(cache, 'templates'), { kitFile, log });
  const folder = await makeCloudFolder(clouds);
  try {
    await copyDirectory(template, folder.dataDir);
    const kit = await KitProcess.start({ kitFile, dataDir: folder.dataDir, limits, log, onSpawn: (pid) => folder.noteServer(pid) });
    return makeCloud(kit, () => folder.remove());
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function makeCloud(kit: KitProcess, removeData: () => Promise<void>): Cloud {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await kit.stop();
    await removeData();
  };
  return new Cloud({
    ready: kit.ready,
    pid: kit.pid,
    exited: kit.exited,
    get endReason() {
      return kit.endReason;
    },
    stop: () => (stopping ??= stop()),
  });
}
