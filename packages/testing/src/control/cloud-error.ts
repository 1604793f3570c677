import type { CallerTrace } from './caller-trace.ts';

/**
 * Why something failed:
 * - `invalid`: the call makes no sense, or names somebody or something that does not exist;
 * - `timeout`: what was waited for did not happen in time;
 * - `refused`: the cloud refused what a person did, as it would refuse an app; see `refusal`;
 * - `stopping`: the cloud is stopping, or has ended;
 * - `start`: the cloud could not be started;
 * - `unauthorized`: the secret of the control API was wrong;
 * - `busy`: too much is asked at the same time;
 * - `internal`: the server has a fault, which its log shows.
 */
export type CloudErrorCode = 'invalid' | 'timeout' | 'refused' | 'stopping' | 'start' | 'unauthorized' | 'busy' | 'internal';

/** What is known of a failure besides its message. */
export interface CloudErrorDetails {
  /** Error of the MTProto API that an app would get, such as `CHAT_WRITE_FORBIDDEN`. */
  refusal?: string | undefined;
  /** The chat as the person saw it, with its keyboards, as text. */
  talk?: string | undefined;
}

/** The error of all functions of this package. Its message says what was waited for or tried, and shows the talk; its stack begins at the line of the test. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly code: CloudErrorCode;
  /** Error of the MTProto API that an app would get, such as `CHAT_WRITE_FORBIDDEN`; only if `code` is `refused`. */
  readonly refusal: string | undefined;
  /** The chat as the person saw it, with its keyboards, as text. */
  readonly talk: string | undefined;

  /** @param trace where the test called the function that failed */
  constructor(code: CloudErrorCode, message: string, details: CloudErrorDetails = {}, trace?: CallerTrace) {
    super(details.talk === undefined ? message : `${message}\n\n${indent(details.talk)}\n`);
    this.code = code;
    this.refusal = details.refusal;
    this.talk = details.talk;
    if (trace !== undefined) this.stack = `CloudError: ${this.message}\n${trace.frames}`;
  }
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
