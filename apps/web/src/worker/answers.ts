import type { Got, QuestionName, Said } from '../protocol/index.ts';
import type { PagePort } from './port.ts';

/** How each question is answered. A refusal is thrown. */
export type Answers = { [Name in QuestionName]: (say: Said<Name>, port: PagePort) => Got<Name> | Promise<Got<Name>> };
