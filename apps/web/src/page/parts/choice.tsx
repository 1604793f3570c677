import type { FunctionComponent } from 'preact';

interface ChoiceProps<Id extends string> {
  title: string;
  /** Tells one group of buttons from another. */
  name: string;
  options: { id: Id; text: string }[];
  chosen: Id;
  onChoose(id: Id): void;
}

/** One of several. */
export function Choice<Id extends string>({ title, name, options, chosen, onChoose }: ChoiceProps<Id>): ReturnType<FunctionComponent> {
  return (
    <fieldset class="choice">
      <legend>{title}</legend>
      {options.map(({ id, text }) => (
        <label key={id} class="box">
          <input type="radio" name={name} checked={id === chosen} onChange={() => onChoose(id)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
