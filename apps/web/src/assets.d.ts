// Files that the bundler turns into addresses, components and styles.
declare module '*.wasm' {
  const address: string;
  export default address;
}
declare module '*.svg' {
  import type { FunctionComponent } from 'preact';
  const Icon: FunctionComponent;
  export default Icon;
}
declare module '*.css';
declare module '*.css?address' {
  const address: string;
  export default address;
}
