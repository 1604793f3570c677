import { createHash } from 'node:crypto';

/** Subjects of one cluster on NATS. */
export interface Subjects {
  /** What all nodes hear. */
  readonly all: string;
  /** That a node is alive. */
  readonly beat: string;
  /** The subject of a topic for which `isForListeners` is true. */
  of(topic: string): string;
}

const LETTERS: Readonly<Record<string, string>> = { user: 'u', channels: 'c', bot: 'b' };

/** Names the subjects below `ag.<digest of the database's identity>`, so that clusters on one NATS do not mix. */
export function createSubjects(databaseId: string): Subjects {
  // A digest, because an identity may hold what has a meaning in subjects.
  const prefix = `ag.${createHash('sha256').update(databaseId).digest('hex').slice(0, 16)}`;
  return {
    all: `${prefix}.all`,
    beat: `${prefix}.beat`,
    of(topic) {
      const [kind = '', id = ''] = topic.split(':', 2);
      return `${prefix}.${LETTERS[kind] ?? kind}.${id}`;
    },
  };
}
