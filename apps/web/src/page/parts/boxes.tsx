import type { FunctionComponent } from 'preact';

interface BoxesProps<Id> {
  title: string;
  options: readonly { id: Id; text: string }[];
  chosen: readonly Id[];
  onChange(chosen: Id[]): void;
}

/** Several of a few, each with a checkbox. */
export function Boxes<Id extends string | number>({ title, options, chosen, onChange }: BoxesProps<Id>): ReturnType<FunctionComponent> {
  return (
    <fieldset class="choice">
      <legend>{title}</legend>
      {options.map(({ id, text }) => (
        <label key={id} class="box">
          <input type="checkbox" checked={chosen.includes(id)} onChange={({ currentTarget }) => onChange(currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id))} />
          <span dir="auto">{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
