import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ActingAdmin, asAdmin, type Domain, passwordAlgo } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import type { ClientAddress } from '@aerogram/gateway';
import { type Clock, type Config, type Logger, OperatorError } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { floodWaitOf } from '../flood-wait.ts';
import { adminCookie, readAdminCookie } from './admin-cookie.ts';
import type { AdminCommands } from './admin-commands.ts';
import { readLiveNumbers } from './live-numbers.ts';
import { bytesOf, checkOwnRequest, readJson, RequestRefused, textOf } from './own-request.ts';

export interface AdminRoutesDeps {
  db: Database;
  door: Domain['auth']['adminDoor'];
  commands: AdminCommands;
  config: Config;
  clock: Clock;
  log: Logger;
  /** The page of metrics of all processes of the server. */
  renderMetrics(): Promise<string>;
}

/** What a request is answered with. */
interface Answer {
  status: number;
  /** A JSON document. */
  body: string;
  cookie?: string;
}

interface Asked {
  body: Readonly<Record<string, unknown>>;
  address: string;
  isForwarded: boolean | undefined;
  isSecure: boolean;
  token: string | undefined;
}

const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

const PHONE_MAX = 64;
const CODE_MAX = 16;
const TOKEN_MAX = 64;
const COMMAND_MAX = 64;
const SRP_BYTES = 256;
const HASH_BYTES = 32;

const ok = (value: unknown, cookie?: string): Answer => ({ status: 200, body: JSON.stringify(value), cookie });

/** What the page says to a refusal of the log-in. Numbers that are no admin's never come to those of the password. */
const WORDS: Readonly<Record<string, string>> = {
  PHONE_NUMBER_INVALID: 'That is no phone number.',
  PHONE_CODE_INVALID: 'The code is wrong, or cannot be used any more.',
  PHONE_CODE_EXPIRED: 'This log-in has ended. Begin again with the number.',
  PASSWORD_EMPTY: 'This account has no two-step password, which the admin page requires. Set one in an app (Settings, Privacy and Security, Two-Step Verification), and log in here again.',
  PASSWORD_HASH_INVALID: 'The password is wrong.',
  SRP_ID_INVALID: 'This log-in has ended. Begin again with the number.',
};

/** Creates the handler of the requests of the admin page. */
export function createAdminRoutes(deps: AdminRoutesDeps): (path: string, request: IncomingMessage, response: ServerResponse, client: ClientAddress) => void {
  const { db, door, commands, config, clock, log, renderMetrics } = deps;

  /** @throws RequestRefused 401 */
  const requireAdmin = async ({ token }: Asked, isUse: boolean): Promise<ActingAdmin> => {
    const acting = token === undefined ? undefined : await door.findActing(token, isUse);
    if (acting === undefined) throw new RequestRefused(401, 'Log in.');
    return acting;
  };

  const runCommand = async (asked: Asked): Promise<Answer> => {
    const name = textOf(asked.body, 'command', COMMAND_MAX);
    const { userId } = await requireAdmin(asked, asked.body['isQuiet'] !== true);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new RequestRefused(404, `There is no command "${name}".`);
    const { args = {} } = asked.body;
    if (typeof args !== 'object' || args === null) throw new RequestRefused(400, '"args" must be an object');
    if (command.does !== 'read') {
      await door.countChange(userId, command.does === 'tell');
      log.info({ event: 'admin_page', userId, command: name, address: asked.address }, 'an admin gave a command');
    }
    try {
      return { status: 200, body: await asAdmin(userId, () => command.run({ config, db }, args as Record<string, unknown>)) };
    } catch (error) {
      // Commands explain to people in these errors what is wrong; all others are defects.
      if (error instanceof OperatorError || (error instanceof Error && error.constructor === Error)) throw new RequestRefused(400, error.message);
      throw error;
    }
  };

  const routes: Readonly<Record<string, (asked: Asked) => Promise<Answer>>> = {
    'log-in/phone': async ({ body, address, isForwarded }) => ok({ log_in: await door.doBegin(textOf(body, 'phone', PHONE_MAX), address, isForwarded) }),
    'log-in/code': async ({ body, address }) => {
      const { srpId, shown, hint, ...salts } = await door.doEnterCode(textOf(body, 'log_in', TOKEN_MAX), textOf(body, 'code', CODE_MAX).trim(), address);
      const { salt1, salt2, g, p } = passwordAlgo(salts);
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
      return ok({ srp_id: String(srpId), shown: base64(shown), salt1: base64(salt1), salt2: base64(salt2), g, p: base64(p), hint });
    },
    'log-in/password': async ({ body, address, isSecure }) => {
      const id = textOf(body, 'srp_id', CODE_MAX * 2);
      if (!/^-?\d{1,19}$/.test(id)) throw new RequestRefused(400, '"srp_id" must be a number');
      const proof = { _: 'inputCheckPasswordSRP', srp_id: BigInt(id), A: bytesOf(body, 'A', SRP_BYTES), M1: bytesOf(body, 'M1', HASH_BYTES) } as const;
      const { token, userId } = await door.doProve(textOf(body, 'log_in', TOKEN_MAX), proof, address);
      return ok({ id: String(userId) }, adminCookie(token, isSecure));
    },
    'log-out': async ({ token, isSecure }) => {
      if (token !== undefined) await door.doLeave(token);
      return ok({}, adminCookie(undefined, isSecure));
    },
    // Null if nobody is logged in: the page asks this first, and that is no failure.
    me: async ({ token }) => {
      const acting = token === undefined ? undefined : await door.findActing(token, false);
      return ok(acting === undefined ? null : { id: String(acting.userId), name: acting.name });
    },
    numbers: async (asked) => {
      await requireAdmin(asked, false);
      return ok(readLiveNumbers(await renderMetrics(), clock.monotonicMs()));
    },
    command: runCommand,
  };

  const answer = async (path: string, request: IncomingMessage, client: ClientAddress): Promise<Answer> => {
    const { isSecure } = checkOwnRequest(request);
    const route = Object.hasOwn(routes, path) ? routes[path]! : undefined;
    if (route === undefined) throw new RequestRefused(404, 'not found');
    return route({ body: await readJson(request), address: client.remoteAddress, isForwarded: client.isForwarded, isSecure, token: readAdminCookie(request.headers.cookie, isSecure) });
  };

  return (path, request, response, client) => {
    answer(path, request, client)
      .catch((error: unknown) => refusalOf(error) ?? describeDefect(error, log))
      .then(({ status, body, cookie }) => {
        // What was not read of a refused request would block the next one of the connection.
        request.resume();
        response.writeHead(status, { ...HEADERS, 'Content-Length': Buffer.byteLength(body), ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }), ...(status === 405 ? { Allow: 'POST' } : {}) });
        response.end(request.method === 'HEAD' ? undefined : body);
      })
      .catch(() => response.destroy());
  };
}

/** The answer to a request that was refused; undefined for other errors. Pure. */
function refusalOf(error: unknown): Answer | undefined {
  if (error instanceof RequestRefused) return { status: error.status, body: JSON.stringify({ error: error.message }) };
  if (!(error instanceof RpcError)) return undefined;
  if (error.code === 420) {
    const minutes = Math.ceil(floodWaitOf(error) / 60);
    return { status: 429, body: JSON.stringify({ code: 'FLOOD_WAIT', error: `Too many. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.` }) };
  }
  const words = WORDS[error.text];
  return words === undefined ? undefined : { status: 400, body: JSON.stringify({ code: error.text, error: words }) };
}

function describeDefect(error: unknown, log: Logger): Answer {
  log.error({ err: error }, 'a request of the admin page failed');
  return { status: 500, body: JSON.stringify({ error: 'The server could not do it; its log says why.' }) };
}
