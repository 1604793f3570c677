import pg from 'pg';
import { parserOf } from './column-types.ts';
import type { SqlValue } from './sql-value.ts';
import type { Statement, TaggedResult } from './statement.ts';
import { WireWriter } from './wire-writer.ts';

/** How the rows of a statement are read: names and readers of the columns. */
export interface Columns {
  names: string[];
  readers: ((text: string) => unknown)[];
}

const NO_COLUMNS: Columns = { names: [], readers: [] };

/** One statement of a round until its answer is there. */
interface Step {
  statement: Statement<unknown>;
  values: readonly SqlValue[];
  rows: unknown[];
  tag: string;
  resolve: (result: TaggedResult<never>) => void;
  reject: (error: unknown) => void;
}

/** What of `pg`'s connection its types leave out. */
interface PgConnection {
  stream: { writable: boolean; write(bytes: Uint8Array): void };
}

/** A round's messages are put together before anything else runs, so all connections share one. */
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
 * Statements that travel together: Bind and Execute of each and one Sync, in one buffer. `pg` would send a Sync with each
 * statement, ask again for its columns, and make several writes; here they are described once a connection.
 * To `pg` it is a query like any other.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class Round extends pg.Query {
  readonly #steps: Step[] = [];
  readonly #prepared: Map<string, Columns>;
  /** The step whose answer comes next. */
  #at = 0;
  /** A row could not be read; of which step. */
  #fault: { error: unknown; at: number } | undefined;

  /** @param prepared what the connection has prepared; the round adds to it */
  constructor(prepared: Map<string, Columns>) {
    super('');
    this.#prepared = prepared;
  }

  add<R>(statement: Statement<R>, values: readonly SqlValue[]): Promise<TaggedResult<R>> {
    return new Promise((resolve, reject) => {
      this.#steps.push({ statement, values, rows: [], tag: '', resolve, reject });
    });
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
      // A value that cannot be sent.
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
    // A statement without rows has no description that would say that it was prepared.
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

  /** What was done before the failure stands, as far as the transaction does. */
  #fail(error: unknown): void {
    const failed = this.#settle(this.#at);
    for (const step of failed) {
      // Whether it was prepared is not known: the next round prepares it again.
      this.#prepared.delete(step.statement.name);
      step.reject(error);
    }
  }

  /** Resolves the first steps and takes them out. @returns the others */
  #settle(count: number): Step[] {
    const steps = this.#steps.splice(0);
    for (const { rows, tag, resolve } of steps.slice(0, count)) resolve({ rows: rows as never[], tag, count: countOf(tag) });
    return steps.slice(count);
  }
}

/** The number at the end of `INSERT 0 3`, `UPDATE 1` and the like. */
function countOf(tag: string): number {
  const number = Number(tag.slice(tag.lastIndexOf(' ') + 1));
  return Number.isNaN(number) ? 0 : number;
}

/** Writes a message around its body. */
function begin(code: number): number {
  writer.byte(code);
  return writer.reserve(4);
}

function end(lengthAt: number): void {
  writer.int32At(lengthAt, writer.length - lengthAt);
}

function writePrepare({ name, text }: Statement<unknown>): void {
  // A failed round may have left it prepared; closing what is not there is no error.
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
  // All columns of the answer as text.
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
  // No limit of rows.
  writer.int32(0);
  end(execute);
}

function writeSync(): void {
  end(begin(SYNC));
}
