/** What Vite makes of these imports. */
declare module '*?worker&inline' {
  const StudioWorker: new (options?: { name?: string }) => Worker;
  export default StudioWorker;
}
declare module '*?raw' {
  const text: string;
  export default text;
}
declare module '*?base64' {
  const text: string;
  export default text;
}
