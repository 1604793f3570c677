import { Actor } from './actor.ts';
import { logIn } from './device.ts';
import type { MtcuteClientOptions } from './mtcute-client.ts';
import type { ServerInfo } from './server-info.ts';

/** A running server, in this process or a separate one. */
export interface Serving {
  readonly info: ServerInfo;
}

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

  /** Signs up a new account and returns it with one device. */
  async user(name: string, options: MtcuteClientOptions = {}): Promise<Actor> {
    const { phone, code } = this.freshPhone();
    const server = (): ServerInfo => this.server.info;
    const { device, user } = await logIn(server, { ...options, name, phone, code });
    const actor = new Actor({ server, name, phone, code, id: user.id, device });
    this.actors.push(actor);
    return actor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.actors.flatMap((actor) => actor.devices.map((device) => device.goOffline())));
  }
}
