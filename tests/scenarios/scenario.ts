import { startTestServer, World, type TestServer, type TestServerOptions } from '@aerogram/dev-env';

/** A server in this process with its own database, and the people of a story on it. */
export interface Scenario extends AsyncDisposable {
  server: TestServer;
  world: World;
}

/** Starts a server for a story file; dispose it in `afterAll`. */
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
