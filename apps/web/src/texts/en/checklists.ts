/** Lists of what is to be done. */
export const checklistsTexts = {
  checklist: 'Checklist',
  newChecklist: 'New checklist',
  checklistTitle: 'Title',
  checklistTask: 'Task {n}',
  checklistTasks: 'Tasks',
  checklistOthersTick: 'Others may mark tasks as done',
  checklistOthersAdd: 'Others may add tasks',
  checklistDone: '{n} of {all} done',
  checklistDoneBy: 'done by {name}',
  addTasks: 'Add tasks',
  errorChecklistOld: 'Somebody else added tasks at the same time. Try again.',
  errorChecklistFull: 'This list is full.',
  serviceTasksDone: { one: '{author} marked {n} task as done', other: '{author} marked {n} tasks as done' },
  serviceTasksUndone: { one: '{author} marked {n} task as not done', other: '{author} marked {n} tasks as not done' },
  serviceTasksChanged: '{author} marked some tasks as done and others as not done',
  serviceTasksAdded: '{author} added to the list: {names}',
} as const;
