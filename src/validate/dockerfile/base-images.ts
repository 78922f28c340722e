import type { ImageReference } from '../kubernetes/images.ts';

/**
 * What well-known images contain. Sources: the Dockerfiles behind the official images
 * (https://github.com/docker-library/official-images), of nginx, Temurin, distroless, Chainguard and .NET. Only
 * programs of `tracked` are ever called absent, and only where the table is sure.
 */
export interface BaseImage {
  /** Programs on the PATH. */
  readonly has: ReadonlySet<string>;
  /** Programs that some versions of it have. */
  readonly maybe: ReadonlySet<string>;
  /** Whether it runs as another user than root by itself. */
  readonly user: 'root' | 'other' | 'unknown';
  /** Whether words of CMD are handed to a program of the image. */
  readonly entrypoint: 'runs-command' | 'takes-arguments';
  readonly hasHealthcheck: boolean;
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const coreutils = words(
  'cat cp mv rm ls ln mkdir chmod chown echo printf test [ true false sleep timeout env id whoami date head tail wc cut tr sort ' +
    'uniq tee touch stat basename dirname readlink realpath seq uname expr kill nohup sha256sum md5sum base64 dd df du',
);
const debian = [
  ...coreutils,
  ...words(
    'sh bash dash grep egrep sed awk find xargs tar gzip perl hostname su getent ldd mount setpriv apt-get apt dpkg',
  ),
];
const busybox = [
  ...coreutils,
  ...words(
    'sh ash busybox wget nc ping ps pgrep pkill netstat nslookup awk grep egrep sed find xargs tar gzip gunzip unzip vi top free ' +
      'hostname su mount less ifconfig ip route killall httpd getent ldd adduser addgroup',
  ),
];
const alpine = [...busybox, 'apk'];
const scm = [...debian, ...words('curl wget git gpg openssl ssh ps pgrep pkill top free hg svn')];
const buildpack = [...scm, ...words('gcc g++ make python3 cc ld')];
const redhat = [
  ...coreutils,
  ...words('sh bash curl grep egrep sed awk find xargs tar gzip rpm su getent ldd'),
];

/** Programs whose absence can be told; all others may be the application's own. */
export const tracked: ReadonlySet<string> = new Set(
  words(
    'sh bash ash curl wget nc ncat telnet python python3 pip node npm npx yarn pnpm java ruby perl php go dotnet psql pg_isready ' +
      'redis-cli valkey-cli mysql mysqladmin mariadb mariadb-admin mongo mongosh nginx jq dig nslookup ping ps pgrep pkill ss netstat ip ' +
      'tini dumb-init gosu su-exec supervisord gunicorn uvicorn celery flask hypercorn django-admin grpc_health_probe awk sed grep cat test [ ' +
      'true false openssl git http socat deno bun',
  ),
);

/** Programs that packages bring along without being asked. */
export const oftenBrought: ReadonlySet<string> = new Set(
  words(
    'python python3 pip perl ruby node java php bash openssl git ps pgrep pkill ip ss gosu tini sh awk sed grep cat',
  ),
);

interface Entry {
  /** Programs of its own, on top of the system it stands on. */
  adds?: string;
  maybe?: string;
  /** The system where the tag names none. */
  system?: System;
  user?: BaseImage['user'];
  entrypoint?: BaseImage['entrypoint'];
  hasHealthcheck?: boolean;
}

type System = keyof typeof systems;

const systems = {
  none: [] as readonly string[],
  debian,
  busybox,
  alpine,
  scm,
  buildpack,
  redhat,
} as const;

const node = { adds: 'node npm npx yarn corepack', maybe: 'pnpm', system: 'buildpack' } as const;
const python = { adds: 'python python3 pip pip3', system: 'buildpack' } as const;
const postgres = {
  adds: 'psql pg_isready postgres pg_dump',
  maybe: 'gosu su-exec bash perl openssl',
} as const;
const chainguard = { system: 'none', user: 'other', entrypoint: 'takes-arguments' } as const;
const agent = { system: 'busybox', user: 'other', entrypoint: 'takes-arguments' } as const;

/** By repository without registry and `library/`. */
const table: Readonly<Record<string, Entry>> = {
  scratch: { system: 'none' },
  alpine: { system: 'alpine' },
  busybox: { system: 'busybox' },
  debian: {},
  ubuntu: { maybe: 'ps pgrep pkill top free' },
  'buildpack-deps': { system: 'buildpack', maybe: 'hg svn' },
  amazonlinux: { system: 'redhat', maybe: 'python python3' },
  fedora: { system: 'redhat', maybe: 'python3 python openssl' },
  rockylinux: { system: 'redhat', maybe: 'python3 openssl' },
  almalinux: { system: 'redhat', maybe: 'python3 openssl' },
  node,
  python,
  golang: { adds: 'go gofmt gcc make', system: 'scm', maybe: 'g++ bash' },
  rust: { adds: 'cargo rustc gcc', system: 'buildpack' },
  ruby: { adds: 'ruby gem bundle rake irb', system: 'buildpack', maybe: 'openssl' },
  php: { adds: 'php curl', maybe: 'openssl perl bash make gcc g++' },
  'eclipse-temurin': { adds: 'java', maybe: 'javac curl wget openssl gpg python3 bash', system: 'debian' },
  amazoncorretto: { adds: 'java javac', system: 'redhat', maybe: 'python python3' },
  maven: { adds: 'mvn java', maybe: 'curl wget git bash ssh openssl ps', system: 'debian' },
  gradle: { adds: 'gradle java', maybe: 'curl wget git bash hg svn unzip', system: 'debian' },
  nginx: { adds: 'nginx', maybe: 'curl openssl bash' },
  'nginxinc/nginx-unprivileged': { adds: 'nginx', maybe: 'curl openssl bash', user: 'other' },
  httpd: { adds: 'httpd', maybe: 'openssl' },
  haproxy: { adds: 'haproxy', maybe: 'socat openssl', user: 'unknown' },
  caddy: { adds: 'caddy', system: 'alpine', maybe: 'curl' },
  traefik: { adds: 'traefik', system: 'alpine', entrypoint: 'takes-arguments' },
  redis: { adds: 'redis-cli redis-server redis-sentinel', maybe: 'gosu su-exec openssl bash' },
  'valkey/valkey': { adds: 'valkey-cli valkey-server redis-cli', maybe: 'gosu su-exec openssl bash' },
  postgres,
  'postgis/postgis': postgres,
  'timescale/timescaledb': { ...postgres, system: 'alpine' },
  mariadb: {
    adds: 'mariadb mariadb-admin',
    maybe: 'mysql mysqladmin gosu openssl ps pgrep pkill',
    system: 'debian',
  },
  mysql: { adds: 'mysql mysqladmin mysqld', maybe: 'gosu python3 openssl perl', system: 'redhat' },
  mongo: { adds: 'mongod', maybe: 'mongo mongosh gosu jq openssl curl ps pgrep pkill', system: 'debian' },
  rabbitmq: {
    adds: 'rabbitmq-diagnostics rabbitmqctl',
    maybe: 'python3 bash openssl gosu su-exec curl wget',
    system: 'debian',
  },
  memcached: { adds: 'memcached', maybe: 'perl' },
  'prom/prometheus': { ...agent, adds: 'prometheus promtool' },
  'prom/alertmanager': { ...agent, adds: 'alertmanager amtool' },
  'prom/node-exporter': { ...agent, adds: 'node_exporter' },
  'keycloak/keycloak': {
    system: 'none',
    adds: 'sh bash java',
    maybe: 'cat test [ true false grep sed awk',
    user: 'other',
    entrypoint: 'takes-arguments',
  },
  'dotnet/aspnet': { adds: 'dotnet', maybe: 'openssl perl' },
  'dotnet/runtime': { adds: 'dotnet', maybe: 'openssl perl' },
  'dotnet/runtime-deps': { maybe: 'openssl perl' },
  'dotnet/sdk': { adds: 'dotnet curl', maybe: 'wget git openssl ps' },
  'denoland/deno': { adds: 'deno', maybe: 'tini' },
  'oven/bun': { adds: 'bun', maybe: 'node npx' },
  'curlimages/curl': { adds: 'curl', system: 'alpine', user: 'other', entrypoint: 'takes-arguments' },
  'distroless/static': { system: 'none' },
  'distroless/static-debian': { system: 'none' },
  'distroless/base': { system: 'none', maybe: 'openssl' },
  'distroless/base-nossl': { system: 'none' },
  'distroless/cc': { system: 'none', maybe: 'openssl' },
  // Its node is /nodejs/bin/node, outside of the PATH, and the ENTRYPOINT.
  'distroless/nodejs': { system: 'none', entrypoint: 'takes-arguments' },
  'distroless/python': { system: 'none', adds: 'python3', maybe: 'python sh', entrypoint: 'takes-arguments' },
  'distroless/java': { system: 'none', adds: 'java', maybe: 'openssl', entrypoint: 'takes-arguments' },
  'chainguard/static': chainguard,
  'chainguard/glibc-dynamic': { ...chainguard, entrypoint: 'runs-command' },
  'chainguard/node': { ...chainguard, adds: 'node', maybe: 'npm npx dumb-init sh' },
  'chainguard/python': { ...chainguard, adds: 'python python3' },
  'chainguard/jre': { ...chainguard, adds: 'java' },
  'chainguard/nginx': { ...chainguard, adds: 'nginx' },
  'chainguard/wolfi-base': { system: 'alpine', maybe: 'bash curl nc ping ps netstat nslookup ip' },
};

/** `docker.io/library/node`, `public.ecr.aws/docker/library/node` and `node` are the same. */
export function officialName(repository: string): string {
  const name = repository
    .replace(
      /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker|quay\.io|gcr\.io|cgr\.dev|mcr\.microsoft\.com|public\.ecr\.aws)\//,
      '',
    )
    .replace(/^library\//, '');
  // `nodejs22-debian12`: the version stands in the name.
  return name.startsWith('distroless/')
    ? name.replace(/(?<=[a-z])\d*-debian\d+$/, '').replace(/(?<=nodejs|java|python)\d+$/, '')
    : name;
}

/** What an image contains; undefined: not known. */
export function baseImage({ repository, tag = '' }: ImageReference): BaseImage | undefined {
  const name = officialName(repository);
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) return undefined;
  const system = systemOf(name, entry, tag);
  if (system === undefined) return undefined;
  const versioned = versionedPrograms(name, tag);
  const has = new Set([...systems[system], ...words(entry.adds ?? ''), ...versioned.has]);
  if (name === 'ubuntu' || name === 'debian') has.delete('ping');
  const maybe = new Set(words(entry.maybe ?? '').filter((program) => !versioned.lacks.has(program)));
  if (isBareVariant(name, tag)) for (const program of words('curl bash')) maybe.delete(program);
  return {
    has,
    maybe,
    user: userOf(name, entry, tag),
    entrypoint: entry.entrypoint ?? 'runs-command',
    hasHealthcheck: entry.hasHealthcheck ?? false,
  };
}

/** `alpine-slim` of nginx leaves out what the others bring. */
const isBareVariant = (name: string, tag: string): boolean =>
  name.includes('nginx') && tag.includes('alpine-slim');

function systemOf(name: string, entry: Entry, tag: string): System | undefined {
  if (name.startsWith('distroless/')) {
    // A shell at /busybox/sh, on the PATH; /bin/sh is missing, so shell form does not work all the same.
    return tag.includes('debug') ? undefined : 'none';
  }
  if (name.startsWith('chainguard/')) return tag.endsWith('-dev') ? undefined : entry.system;
  if (name.startsWith('dotnet/')) return dotnetSystem(tag);
  if (/windows|nanoserver|servercore/.test(tag)) return undefined;
  if (/(?:^|-)alpine/.test(tag)) return 'alpine';
  if (/ubi\d|oracle|centos|rockylinux|al2023/.test(tag)) return 'redhat';
  if (name === 'buildpack-deps' && /curl/.test(tag)) return undefined;
  if (name === 'buildpack-deps' && /scm/.test(tag)) return 'scm';
  if (/(?:^|-)slim/.test(tag)) return 'debian';
  return entry.system ?? 'debian';
}

/** Debian or Ubuntu, Alpine; the chiseled and distroless ones have no shell. */
function dotnetSystem(tag: string): System | undefined {
  if (/chiseled|distroless/.test(tag)) return 'none';
  if (tag.includes('alpine')) return 'alpine';
  return /azurelinux|mariner|windows|nanoserver/.test(tag) ? undefined : 'debian';
}

function userOf(name: string, entry: Entry, tag: string): BaseImage['user'] {
  if (name.startsWith('distroless/')) return tag.includes('nonroot') ? 'other' : 'root';
  if (name.startsWith('dotnet/') && /chiseled|distroless/.test(tag)) return 'other';
  return entry.user ?? 'root';
}

/** What came or went with a version: mariadb 11 has no mysqladmin, mongo 6 no mongo. */
function versionedPrograms(
  name: string,
  tag: string,
): { has: readonly string[]; lacks: ReadonlySet<string> } {
  const major = /^\d+/.exec(tag) ? Number.parseInt(tag, 10) : undefined;
  if (name === 'mariadb' && major !== undefined) {
    const old = ['mysql', 'mysqladmin'];
    return major >= 11 ? { has: [], lacks: new Set(old) } : { has: old, lacks: new Set() };
  }
  if (name === 'mongo' && major !== undefined) {
    return major >= 6
      ? { has: ['mongosh'], lacks: new Set(['mongo']) }
      : { has: ['mongo'], lacks: new Set() };
  }
  return { has: [], lacks: new Set() };
}
