/** Is this Node new enough? Imported first, so that an old one says so before it stumbles over anything else. */

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19) || major === 21 || (major === 22 && minor < 12)) {
  console.error(
    `Zugabe needs Node 20.19 or newer (of 22: 22.12 or newer) and this is ${process.versions.node}: install a current one from nodejs.org and run the command again.`,
  );
  process.exit(1);
}
