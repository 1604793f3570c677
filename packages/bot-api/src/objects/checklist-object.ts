import type { tl } from '@aerogram/tl';

import { projectEntities } from '../texts/index.ts';
import { ifTrue, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';

/** The Checklist object. */
export function projectChecklist({ todo, completions = [] }: tl.messageMediaToDo, peers: KnownPeers): JsonObject {
  const { title, list, others_can_append: mayAppend, others_can_complete: mayComplete } = todo;
  const done = new Map(completions.map((completion) => [completion.id, completion]));
  return {
    title: title.text,
    title_entities: projectTitleEntities(title),
    tasks: list.map((task) => projectTask(task, peers, done.get(task.id))),
    others_can_add_tasks: ifTrue(mayAppend),
    others_can_mark_tasks_as_done: ifTrue(mayComplete),
  };
}

/** The ChecklistTask object. @param completion undefined for a task that is not done, or of which this is not known */
export function projectTask({ id, title }: tl.todoItem, peers: KnownPeers, completion?: tl.todoCompletion): JsonObject {
  const by = completion?.completed_by;
  return {
    id,
    text: title.text,
    text_entities: projectTitleEntities(title),
    completed_by_user: by?._ === 'peerUser' ? peers.user(by.user_id) : undefined,
    completed_by_chat: by === undefined || by._ === 'peerUser' ? undefined : peers.chat(by),
    completion_date: completion?.date,
  };
}

function projectTitleEntities({ entities }: tl.textWithEntities): object[] | undefined {
  // Texts of checklists contain no mentions by id, so no user has to be found.
  const found = projectEntities(entities, () => undefined);
  return found.length > 0 ? found : undefined;
}
