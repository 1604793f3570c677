import pg from 'pg';
import { parserOf } from './column-types.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, TaggedResult } from './statement.ts';
import { WireWriter } from './wire-writer.ts';

/** Names and parsers of the columns in a statement's rows. */
export interface Columns {
  names: string[];
  readers: ((text: string) => unknown)[];
}

const NO_COLUMNS: Columns = { names: [], readers: [] };

/** One statement of a batch until its response has arrived. */
interface Step {
  statement: Statement<unknown>;
  values: readonly SqlValue[];
  rows: unknown[];
  tag: string;
  /** Undefined if nobody awaits the result. */
  resolve: ((result: TaggedResult<never>) => void) | undefined;
  reject: ((error: unknown) => void) | undefined;
}

/** The steps of a batch whose promises are all settled. */
const NO_STEPS: Step[] = [];

/** Members of `pg`'s connection that its types leave out. */
interface PgConnection {
  stream: { writable: boolean; write(bytes: Uint8Array): void };
}

/** Shared by all connections, because the messages of a batch are written without interruption. */
const writer = new WireWriter();

const PARSE = 0x50;
const BIND = 0x42;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const CLOSE = 0x43;
const SYNC = 0x53;
const PORTAL = 0x50;
const STATEMENT = 0x53;
const TEXT_FORMAT = 0;
const BINARY_FORMAT = 1;

/**
 * Prepared statements that are sent together: Bind and Execute for each and one Sync for all, in one buffer. `pg` would send a Sync with
 * each statement, ask for its columns every time, and make several writes; here a statement is described once per connection. For `pg` the
 * batch is a query like any other.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class PipelineBatch extends pg.Query {
  #steps: Step[] = [];
  readonly #prepared: Map<string, Columns>;
  /** Index of the statement whose response comes next. */
  #at = 0;
  /** Set when a row could not be parsed, with the index of its statement. */
  #fault: { error: unknown; at: number } | undefined;

  /** @param prepared the statements that the connection has prepared; the batch adds its own */
  constructor(prepared: Map<string, Columns>) {
    super('');
    this.#prepared = prepared;
  }

  add<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<TaggedResult<R>> {
    return new Promise((resolve, reject) => {
      this.#steps.push({ statement, values, rows: [], tag: '', resolve, reject });
    });
  }

  /** Adds a statement whose result nobody needs. If it fails, the ones after it fail with its error. */
  addUnawaited(statement: Statement<unknown>, values: readonly SqlValue[]): void {
    this.#steps.push({ statement, values, rows: [], tag: '', resolve: undefined, reject: undefined });
  }

  // Called by `pg`, whose types declare it as a property.
  override submit = (connection: unknown): void => {
    const { stream } = connection as PgConnection;
    const described = new Set<string>();
    try {
      for (const { statement, values } of this.#steps) {
        const isKnown = this.#prepared.has(statement.name) || described.has(statement.name);
        if (!isKnown) {
          described.add(statement.name);
          writePrepare(statement);
        }
        writeBind(statement, values);
        if (!isKnown) writeDescribe();
        writeExecute();
      }
      writeSync();
    } catch (error) {
      // A parameter cannot be encoded.
      writer.clear();
      writeSync();
      this.#fail(error);
    }
    const bytes = writer.take();
    if (stream.writable) stream.write(bytes);
  };

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const names = message.fields.map((field) => field.name);
    const readers = message.fields.map((field) => parserOf(field.dataTypeID));
    this.#prepared.set(this.#steps[this.#at]!.statement.name, { names, readers });
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    const step = this.#steps[this.#at]!;
    const { names, readers } = this.#prepared.get(step.statement.name)!;
    const row: Record<string, unknown> = {};
    try {
      for (let i = 0; i < names.length; i++) {
        const field = message.fields[i]!;
        row[names[i]!] = field === null ? null : readers[i]!(field);
      }
    } catch (error) {
      this.#fault ??= { error, at: this.#at };
    }
    step.rows.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    const step = this.#steps[this.#at]!;
    step.tag = message.text;
    // A statement without rows gets no RowDescription, so it is recorded as prepared here.
    if (!this.#prepared.has(step.statement.name)) this.#prepared.set(step.statement.name, NO_COLUMNS);
    this.#at += 1;
  }

  handleReadyForQuery(): void {
    if (this.#fault) {
      this.#at = this.#fault.at;
      return this.#fail(this.#fault.error);
    }
    this.#settle(this.#steps.length);
  }

  handleError(error: unknown): void {
    this.#fail(error);
  }

  /** Statements completed before the failure are resolved; the rest are rejected. */
  #fail(error: unknown): void {
    const failed = this.#settle(this.#at);
    for (const step of failed) {
      // It is unknown whether this statement was prepared, so the next batch prepares it again.
      this.#prepared.delete(step.statement.name);
      step.reject?.(error);
    }
  }

  /** Resolves the first `count` statements and removes all. @returns the others */
  #settle(count: number): readonly Step[] {
    const steps = this.#steps;
    this.#steps = NO_STEPS;
    for (let at = 0; at < count; at++) {
      const { rows, tag, resolve } = steps[at]!;
      resolve?.({ rows: rows as never[], tag, count: countOf(tag) });
    }
    return count === steps.length ? NO_STEPS : steps.slice(count);
  }
}

/** Returns the row count at the end of a command tag such as `INSERT 0 3` or `UPDATE 1`. */
function countOf(tag: string): number {
  const number = Number(tag.slice(tag.lastIndexOf(' ') + 1));
  return Number.isNaN(number) ? 0 : number;
}

/** Starts a message and leaves room for its length, which `end` fills in. */
function begin(code: number): number {
  writer.byte(code);
  return writer.reserve(4);
}

function end(lengthAt: number): void {
  writer.int32At(lengthAt, writer.length - lengthAt);
}

function writePrepare({ name, text }: Statement<unknown>): void {
  // A failed batch may have left it prepared. Closing a statement that does not exist is not an error.
  const close = begin(CLOSE);
  writer.byte(STATEMENT);
  writer.cString(name);
  end(close);
  const parse = begin(PARSE);
  writer.cString(name);
  writer.cString(text);
  writer.int16(0);
  end(parse);
}

function writeBind({ name, arrays }: Statement<unknown>, values: readonly SqlValue[]): void {
  const bind = begin(BIND);
  writer.cString('');
  writer.cString(name);
  writer.int16(values.length);
  for (const value of values) writer.int16(typeof value === 'object' && value !== null ? BINARY_FORMAT : TEXT_FORMAT);
  writer.int16(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null) writer.int32(-1);
    else if (value instanceof Uint8Array) writePrefixed(value);
    else if (typeof value === 'object') writeList(name, arrays[i], value);
    else writer.prefixedText(String(value));
  }
  // All result columns as text.
  writer.int16(0);
  end(bind);
}

function writePrefixed(bytes: Uint8Array): void {
  writer.int32(bytes.length);
  writer.bytes(bytes);
}

function writeList(name: string, encode: Statement<unknown>['arrays'][number], values: readonly SqlValue[]): void {
  if (!encode) throw new TypeError(`statement ${name} does not say of what type a list is`);
  encode(writer, values);
}

function writeDescribe(): void {
  const describe = begin(DESCRIBE);
  writer.byte(PORTAL);
  writer.byte(0);
  end(describe);
}

function writeExecute(): void {
  const execute = begin(EXECUTE);
  writer.cString('');
  // No row limit.
  writer.int32(0);
  end(execute);
}

function writeSync(): void {
  end(begin(SYNC));
}
