/** For the custom elements analyzer: where it reads, where it writes, and that package.json is none of its business. */
export default {
  globs: ['base', 'thanks', 'friend', 'insert', 'index'].map((name) => `js/element/${name}.js`),
  outdir: '.zugabe/manifest',
  packagejson: false,
};
