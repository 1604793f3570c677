import { Actor } from './actor.ts';
import type { DeviceOptions, Serving } from './serving.ts';

/** The users of a story on one server. Disposing it takes every device offline, but does not stop the server. */
export class World implements AsyncDisposable {
  private readonly server: Serving;
  private readonly actors: Actor[] = [];
  private nextPhone = 0;

  constructor(server: Serving) {
    this.server = server;
  }

  /** An unused test-mode phone number `99966XYYYY`, with its code `XXXXX`. */
  freshPhone(): { phone: string; code: string } {
    const number = this.nextPhone++;
    const x = number % 10;
    return { phone: `99966${x}${String(Math.floor(number / 10)).padStart(4, '0')}`, code: String(x).repeat(5) };
  }

  /** Signs up a new account, or logs in to the one that the number has, and returns it with one device. */
  async user(name: string, options: DeviceOptions = {}, number = this.freshPhone()): Promise<Actor> {
    const actor = await Actor.signUp(this.server, { name, ...number }, options);
    this.actors.push(actor);
    return actor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.actors.flatMap((actor) => actor.devices.map((device) => device.goOffline())));
  }
}
