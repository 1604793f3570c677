import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HOME_IDENTITY_FILE, openHomeIdentity, type HomeIdentity } from '@aerogram/relay';
import { type Config, OperatorError } from '@aerogram/runtime';
import { type Database, listHomes } from '@aerogram/storage';
import { keysDirectory } from '../open-server-keys.ts';
import { readHomePorts } from './home-ports.ts';

/** The settings of a server, and who it is among the data centres of a community. */
export interface PlayedHome {
  config: Config;
  /** Undefined if the server is alone. */
  identity: HomeIdentity | undefined;
}

/** Whether the server of a data directory is a data centre of a community. */
export function hasHomeIdentity(dataDir: string): boolean {
  return existsSync(join(keysDirectory(dataDir), HOME_IDENTITY_FILE));
}

/**
 * The settings with which a server runs: in a community it plays exactly its own DC, whatever `AEROGRAM_DC_IDS` says, and gets the free ports that it had before. Its
 * directory of keys says which DC that is, because its ports open before its database; {@link checkOwnHome} compares it with the database.
 * @throws OperatorError if the file is none, or the server would have several processes, of which none could have the links
 */
export async function playOwnHome(config: Config): Promise<PlayedHome> {
  const identity = await openHomeIdentity(keysDirectory(config.dataDir));
  if (identity === undefined) return { config, identity };
  if (config.workers > 1) throw new OperatorError('a data centre of a community cannot have more than one worker (AEROGRAM_WORKERS): make it several servers instead (docs/cluster.md)');
  const { port = 0, httpPort = 0, linkPort = 0 } = readHomePorts(config.dataDir) ?? {};
  const { dc } = identity;
  return { config: { ...config, dcIds: [dc], homeDcId: dc, port: config.port || port, httpPort: config.httpPort || httpPort, dcLinkPort: config.dcLinkPort || linkPort }, identity };
}

/** @throws OperatorError if the database and the directory of keys do not belong to the same data centre */
export async function checkOwnHome(db: Pick<Database, 'q'>, { dataDir }: Pick<Config, 'dataDir'>, identity: HomeIdentity | undefined): Promise<void> {
  const own = (await listHomes(db)).find((row) => row.is_own);
  if (own?.dc === identity?.dc) return;
  const keys = keysDirectory(dataDir);
  if (own === undefined) throw new OperatorError(`the keys in ${keys} are those of data centre ${identity!.dc}, but the database is of a server that is alone: run "aerogram dc init" or "aerogram dc join" again, or restore both from one backup`);
  if (identity === undefined) throw new OperatorError(`the database is that of data centre ${own.dc}, but there is no home.json in ${keys}: bring the directory back from a backup, copy it from another node of this data centre, or ask the first data centre for another ticket`);
  throw new OperatorError(`the database is that of data centre ${own.dc}, but the keys in ${keys} are those of data centre ${identity.dc}`);
}
