import type { ComponentChildren, FunctionComponent } from 'preact';

/** Words that a screen reader says and nobody sees, because a sign says the same. They stand in the line of the words before them, so that no gap is read between. */
export const OnlyRead: FunctionComponent<{ children: ComponentChildren }> = ({ children }) => <span class="only-read">{children}</span>;
