import { type DestinationStream, type Logger as PinoLogger, destination as openDestination, pino } from 'pino';

/** A structured logger; `child` adds fields to every line. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** `trace` … `fatal`, or `silent`. */
  level: string;
  /** Where lines are written; standard error by default, because standard output is for messages to people. */
  destination?: DestinationStream;
}

/** Field names whose values are never logged, at the top level of a line and one level below. */
const SECRET_FIELDS = [
  'phone',
  'phone_number',
  'phoneNumber',
  'phone_code',
  'phoneCode',
  'phone_code_hash',
  'phoneCodeHash',
  'loginCode',
  'login_code',
  'text',
  'caption',
  'password',
  'secret',
  'token',
  'bot_token',
  'botToken',
  'api_hash',
  'apiHash',
  'authKey',
  'auth_key',
  'databaseUrl',
  'metricsToken',
  'parameters',
];

/** Secret at the top level only: inside `err` these names contain the code and message of the error. */
const SECRET_TOP_FIELDS = ['code', 'message'];

/** Log-in codes have five digits; a smaller `code` is an exit code or the code of an RPC error. */
function censor(value: unknown, path: string[]): unknown {
  const isSmallCode = path[0] === 'code' && (value === null || (typeof value === 'number' && Math.abs(value) < 1000));
  return isSmallCode ? value : '[redacted]';
}

/**
 * The properties of an error that are logged. Others are left out on purpose, because drivers put parameter values (phone numbers, message
 * texts) into `detail`, `where` and the like.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint, table } = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}

/** Creates the root logger: one JSON line per event, with secrets replaced by `[redacted]`. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Ids of authorizations have 64 bits. Programs that read numbers as doubles would round them.
      serializers: { err: serializeError, error: serializeError, authorization: String },
      redact: {
        paths: [...SECRET_TOP_FIELDS, ...SECRET_FIELDS.flatMap((name) => [name, `*.${name}`])],
        censor,
      },
    },
    options.destination ?? openDestination({ fd: 2, sync: false }),
  );
}

/**
 * From now on SIGUSR2 switches between the level of a log and `debug` (from `debug` or `trace`: `info`), and back. Loggers that were made of it keep
 * theirs.
 */
export function switchLevelBySignal(log: Logger): void {
  const usual = log.level;
  const other = usual === 'debug' || usual === 'trace' ? 'info' : 'debug';
  process.on('SIGUSR2', () => {
    log.level = log.level === usual ? other : usual;
    log.warn({ now: log.level }, 'the level of the log was changed by a signal');
  });
}

/** Logs nothing; for tests and tools. */
export const silentLogger: Logger = pino({ level: 'silent' });
