import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type Found, findOptional, type Optional } from './find-optional.ts';

/** What a server of ours is run with. Each is started by the tests that need it, as a process of theirs: none is to run already. */
export const SERVERS = ['postgres', 'redis', 'haproxy'] as const;
export type ServerName = (typeof SERVERS)[number];

/** Debian's has each version in a folder of its own: the newest first. */
const POSTGRES = '/usr/lib/postgresql';
const versions = () =>
  existsSync(POSTGRES) ? readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a)) : [];
const postgres = (name: string) => [
  ...versions().map((version) => `${POSTGRES}/${version}/bin/${name}`),
  name,
];

const optional = (): Readonly<Record<ServerName, Optional>> => ({
  postgres: {
    programs: { MEDULLA_POSTGRES: postgres('postgres'), MEDULLA_INITDB: postgres('initdb') },
    packages: ['postgresql'],
    // Otherwise the package makes a cluster of its own, and starts it.
    prepare() {
      mkdirSync('/etc/postgresql-common/createcluster.d', { recursive: true });
      writeFileSync('/etc/postgresql-common/createcluster.d/medulla.conf', 'create_main_cluster = false\n');
    },
  },
  redis: { programs: { MEDULLA_REDIS: ['redis-server', 'valkey-server'] }, packages: ['redis-server'] },
  haproxy: { programs: { MEDULLA_HAPROXY: ['haproxy', '/usr/sbin/haproxy'] }, packages: ['haproxy'] },
});

/** The programs of this server. One that `MEDULLA_SERVERS` names, or `all`, is installed where it is missing. */
export const findServer = (name: ServerName): Found =>
  findOptional(name, 'MEDULLA_SERVERS', optional()[name]);
