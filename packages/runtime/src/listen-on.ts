import type { AddressInfo, Server } from 'node:net';
import { OperatorError } from './operator-error.ts';
import type { Endpoint } from './server-file.ts';

/** Connections that the operating system queues while the server is busy. */
const BACKLOG = 4096;

/**
 * Makes a server listen.
 * @param endpoint port 0 picks a free one
 * @param setting how the operator sets the port, such as `--port (AEROGRAM_PORT)`
 * @returns the address and port it listens on
 * @throws OperatorError when the port is in use or not allowed; otherwise the system's error
 */
export async function listenOn(server: Server, endpoint: Endpoint, setting: string): Promise<Endpoint> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: endpoint.host, port: endpoint.port, backlog: BACKLOG }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw explain(error, endpoint, setting);
  }
  // For a TCP server the address is an object.
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

function explain(error: unknown, { host, port }: Endpoint, setting: string): unknown {
  const refuse = (words: string): OperatorError => new OperatorError(words, { cause: error });
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return refuse(`port ${port} of ${host} is in use by another program: stop it, or choose another port with ${setting}`);
    case 'EACCES':
      return refuse(`this user may not listen on port ${port}: choose another port with ${setting}`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refuse(`${host} is not an address of this machine: choose another one with --host (AEROGRAM_HOST)`);
    default:
      return error;
  }
}
