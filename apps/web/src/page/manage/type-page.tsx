import type { FunctionComponent } from 'preact';
import type { ManagePageProps } from './page-props.ts';
import { PublicLink } from './public-link.tsx';
import { TypeSwitches } from './type-switches.tsx';

/** Who finds a group or channel, and what happens to those who come. */
export const TypePage: FunctionComponent<ManagePageProps> = (props) => (
  <>
    {props.peer.isCreator && <PublicLink {...props} />}
    <TypeSwitches {...props} />
  </>
);
