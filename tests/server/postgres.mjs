/** A PostgreSQL of the tests' own: a cluster in a temporary folder, reached by a socket in it, gone afterwards. Not run as root. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian keeps every release in a folder of its own; elsewhere the programs are on the path. */
export function postgresFolder() {
  const debian = '/usr/lib/postgresql';
  const releases = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...releases.map((release) => join(debian, release, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

const asRoot = process.getuid?.() === 0;
/** Why a test of PostgreSQL is skipped; `false` where it is not. */
export const noPostgres = postgresFolder() ? false : 'PostgreSQL is not installed (Debian: postgresql)';

/**
 * @param {{ durable?: boolean, settings?: string[] }} [options] - `durable`: with fsync, for what is to survive.
 */
export async function startPostgres({ durable = false, settings = [] } = {}) {
  const bin = /** @type {string} */ (postgresFolder());
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-pg-'));
  const [data, sockets] = [join(folder, 'data'), join(folder, 's')];
  mkdirSync(sockets);
  if (asRoot) await run('chown', ['-R', 'postgres', folder]);
  chmodSync(folder, 0o755);
  const as = (/** @type {string} */ program, /** @type {string[]} */ args) => {
    const env = { ...process.env, LC_ALL: 'C' };
    return asRoot ? run('runuser', ['-u', 'postgres', '--', join(bin, program), ...args], { env, cwd: folder }) : run(join(bin, program), args, { env, cwd: folder });
  };
  await as('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-locale', '-E', 'UTF8', '-N']);
  const given = [`unix_socket_directories=${sockets}`, 'listen_addresses=', 'max_connections=100', `fsync=${durable ? 'on' : 'off'}`, ...settings];
  const options = given.map((setting) => `-c ${setting.replace(/=$/, "=''")}`).join(' ');
  const control = (/** @type {string[]} */ ...args) => as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), ...args]);
  const start = () => control('start', '-o', options);
  await start();
  let made = 0;
  return {
    start,
    /** `fast` ends the connections, `immediate` is a crash. */
    stop: (/** @type {'fast' | 'immediate'} */ mode = 'fast') => control('stop', '-m', mode),
    /** An empty database. */
    async database() {
      const name = `books_${++made}`;
      await as('createdb', ['-h', sockets, '-U', 'postgres', name]);
      return `postgres://postgres@/${name}?host=${encodeURIComponent(sockets)}`;
    },
    async end() {
      await control('stop', '-m', 'immediate').catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
