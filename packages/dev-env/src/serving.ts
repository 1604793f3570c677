import type { MtcuteClientOptions } from './mtcute-client.ts';
import type { PrepareKey } from './prepared-keys.ts';
import type { ServerInfo } from './server-info.ts';

/** A running server, in this process or a separate one. */
export interface Serving {
  readonly info: ServerInfo;
  /** Present if the test reaches the server's database. */
  readonly prepareKey?: PrepareKey;
}

/** How a device of a user connects. */
export interface DeviceOptions extends MtcuteClientOptions {
  /** The device makes its key by a handshake, even if the server could provide a prepared one. */
  handshake?: boolean;
}
