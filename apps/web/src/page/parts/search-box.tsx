import type { FunctionComponent, Ref } from 'preact';
import type { Signal } from '@preact/signals';

interface SearchBoxProps {
  /** Its name for screen readers, and what stands in it while it is empty. */
  label: string;
  query: Signal<string>;
  field?: Ref<HTMLInputElement>;
  autofocus?: boolean;
  onFocus?(): void;
  onKeyDown?(event: KeyboardEvent): void;
}

/** A field in which one types what to look for. */
export const SearchBox: FunctionComponent<SearchBoxProps> = ({ label, query, field, ...rest }) => (
  <input ref={field} class="search-box" type="search" aria-label={label} placeholder={label} value={query.value} onInput={({ currentTarget }) => (query.value = currentTarget.value)} {...rest} />
);
