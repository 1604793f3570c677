import { createMtcuteClient, startTestServer, World, type TestServer, type TestServerOptions } from '@aerogram/dev-env';
import type { BaseTelegramClient } from '@mtcute/node';

/** A server in this process with its own database, and the users of a story. */
export interface Scenario extends AsyncDisposable {
  server: TestServer;
  world: World;
}

/** Starts a server for a test file; dispose it in `afterAll`. */
export async function startScenario(options: TestServerOptions = {}): Promise<Scenario> {
  const server = await startTestServer(options);
  const world = new World(server);
  return {
    server,
    world,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Runs a story with a client that is not logged in. */
export async function asGuest<T>({ server }: Scenario, story: (guest: BaseTelegramClient) => Promise<T>): Promise<T> {
  const guest = await createMtcuteClient(server.info);
  try {
    await guest.connect();
    return await story(guest);
  } finally {
    await guest.destroy();
  }
}
