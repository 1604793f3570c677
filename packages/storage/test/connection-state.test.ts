import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { ConnectionState, isWaitCancelled, waitLong, watchWaits } from '../src/database/connection-state.ts';

/** The socket of a connection, of which a test says when nothing was heard for long. */
class PlayedSocket extends EventEmitter {
  isOpen = true;
  silenceMs = 0;

  setTimeout(ms: number): this {
    this.silenceMs = ms;
    return this;
  }

  destroy(): void {
    this.isOpen = false;
  }
}

class PlayedClient extends EventEmitter {
  readonly connection = { stream: new PlayedSocket() };
}

function connect(mustAnswer: boolean) {
  const client = new PlayedClient() as unknown as pg.ClientBase & PlayedClient;
  return { client, socket: client.connection.stream, state: new ConnectionState(client, mustAnswer) };
}

test('a connection that falls silent while somebody uses it is closed after ten seconds', () => {
  const { socket, state } = connect(true);
  expect(socket.silenceMs).toBe(10_000);
  state.isInUse = false;
  socket.emit('timeout');
  expect(socket.isOpen).toBe(true);
  state.isInUse = true;
  socket.emit('timeout');
  expect(socket.isOpen).toBe(false);
});

test('one of a command or of a migration may be silent for longer', () => {
  const command = connect(false);
  expect(command.socket.silenceMs).toBe(0);
  const migration = connect(true);
  waitLong(migration.client);
  expect(migration.socket.silenceMs).toBe(0);
});

test('only the notice about the standby, in whatever language, says that a wait was broken off', () => {
  const { client } = connect(true);
  client.emit('notice', { message: 'there is already a transaction in progress', routine: 'BeginTransactionBlock' });
  expect(isWaitCancelled(client)).toBe(false);
  client.emit('notice', { message: 'Warten auf synchrone Replikation wird abgebrochen', routine: 'SyncRepWaitForLSN' });
  expect(isWaitCancelled(client)).toBe(true);
  watchWaits(client);
  expect(isWaitCancelled(client)).toBe(false);
});
