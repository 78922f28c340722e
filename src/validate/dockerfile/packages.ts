import { argumentsOf, type Command, programName, programOf, type Token } from './shell.ts';

export type PackageTool = 'apt' | 'apk' | 'dnf' | 'pip' | 'npm' | 'other';

/** One call of a package tool. */
export interface PackageCall {
  readonly tool: PackageTool;
  readonly action: 'install' | 'remove' | 'update' | 'upgrade' | 'project';
  /** What is named, without versions; variables as they are. */
  readonly packages: readonly Token[];
  /** Words that start with `-`. */
  readonly flags: readonly string[];
  readonly program: Token;
}

const tools: Readonly<Record<string, PackageTool>> = {
  'apt-get': 'apt',
  apt: 'apt',
  aptitude: 'apt',
  apk: 'apk',
  dnf: 'dnf',
  yum: 'dnf',
  microdnf: 'dnf',
  tdnf: 'dnf',
  zypper: 'dnf',
  pip: 'pip',
  pip2: 'pip',
  pip3: 'pip',
  pipx: 'pip',
  uv: 'pip',
  poetry: 'pip',
  pdm: 'pip',
  npm: 'npm',
  yarn: 'npm',
  pnpm: 'npm',
};

const actions: Readonly<Record<string, PackageCall['action']>> = {
  install: 'install',
  add: 'install',
  i: 'install',
  remove: 'remove',
  purge: 'remove',
  autoremove: 'remove',
  del: 'remove',
  erase: 'remove',
  uninstall: 'remove',
  update: 'update',
  makecache: 'update',
  upgrade: 'upgrade',
  'dist-upgrade': 'upgrade',
  'full-upgrade': 'upgrade',
  ci: 'project',
  sync: 'project',
};

/** Flags whose value is the next word. */
const valued: ReadonlySet<string> = new Set([
  '-o',
  '-t',
  '-c',
  '--virtual',
  '--repository',
  '-X',
  '-r',
  '--requirement',
  '-i',
  '--index-url',
  '--extra-index-url',
  '--target',
  '--prefix',
  '--target-release',
  '-e',
  '--editable',
  '--constraint',
  '--default-release',
  '--find-links',
  '-f',
  '--registry',
]);

const cache = new WeakMap<Command, PackageCall | false>();

/** What a command does with packages; undefined: it is no package tool. */
export function packageCall(command: Command): PackageCall | undefined {
  const known = cache.get(command);
  if (known !== undefined) return known || undefined;
  const call = readCall(command);
  cache.set(command, call ?? false);
  return call;
}

function readCall(command: Command): PackageCall | undefined {
  const program = programOf(command);
  if (program === undefined) return undefined;
  const token = command.words.find(({ text }) => text === program);
  if (!token) return undefined;
  const args = argumentsOf(command);
  if (/^python[\d.]*$/.test(programName(program)) && args[0]?.text === '-m' && args[1]?.text === 'pip')
    return callOf('pip', token, args.slice(2));
  if (programName(program) === 'uv' && args[0]?.text === 'pip') return callOf('pip', token, args.slice(1));
  const tool = Object.hasOwn(tools, programName(program)) ? tools[programName(program)] : undefined;
  return tool ? callOf(tool, token, args) : undefined;
}

function callOf(tool: PackageTool, program: Token, args: readonly Token[]): PackageCall | undefined {
  const flags: string[] = [];
  const plain: Token[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const text = args[i]?.text ?? '';
    if (text.startsWith('-')) {
      // `-t` of apk is --virtual, of apt the release.
      flags.push(text);
      if (valued.has(text) && !(tool === 'apt' && text === '-f')) {
        i += 1;
        flags.push(args[i]?.text ?? '');
      }
    } else if (/^\d*[<>]/.test(text)) i += text.length < 3 ? 1 : 0;
    else if (args[i]) plain.push(args[i] as Token);
  }
  const [verb, ...rest] = tool === 'npm' && plain[0]?.text === 'global' ? plain.slice(1) : plain;
  const action = verb && Object.hasOwn(actions, verb.text) ? actions[verb.text] : undefined;
  if (!action) return undefined;
  return {
    tool,
    action: isProject(tool, action, rest, flags) ? 'project' : action,
    packages: rest,
    flags,
    program,
  };
}

/** Installs what a file of the project names. */
const isProject = (
  tool: PackageTool,
  action: string,
  rest: readonly Token[],
  flags: readonly string[],
): boolean =>
  action === 'install' &&
  ((tool === 'npm' && rest.length === 0) ||
    (tool === 'pip' &&
      (rest.length === 0 ||
        flags.some((flag) => /^(?:-r|--requirement|-e|--editable)/.test(flag)) ||
        rest.some(({ text }) => /^\.|\/|\.whl$|\.txt$/.test(text)))));

/** The package's name without version, extras and architecture: `flask[async]==3.0` is `flask`. */
export function packageName(tool: PackageTool, text: string): string {
  if (tool === 'npm') return text.replace(/(?<=.)@.*$/, '');
  if (tool === 'pip') return text.replace(/[[=<>!~;@ ].*$/s, '').toLowerCase();
  return text
    .replace(/[=<>~].*$/s, '')
    .replace(/:[a-z0-9]+$/, '')
    .replace(/@.*$/, '');
}

const brings: readonly [RegExp, string][] = [
  [/^netcat(?:-openbsd|-traditional)?$/, 'nc netcat'],
  [/^(?:nmap-ncat|nmap|ncat)$/, 'nc ncat nmap'],
  [/^procps(?:-ng)?$/, 'ps pgrep pkill top free kill'],
  [/^psmisc$/, 'killall fuser pstree'],
  [/^(?:iputils-ping|iputils|inetutils-ping)$/, 'ping'],
  [
    /^(?:bind-tools|dnsutils|bind9-dnsutils|bind-utils|bind9-host|knot-utils|knot-dnsutils)$/,
    'dig nslookup host',
  ],
  [/^iproute2?(?:-ss)?$/, 'ss ip'],
  [/^net-tools$/, 'netstat ifconfig route'],
  [/^postgresql.*$/, 'psql pg_isready pg_dump'],
  [/^(?:redis|redis-tools|redis-server|valkey.*)$/, 'redis-cli redis-server valkey-cli'],
  [/^(?:default-)?(?:mysql|mariadb)(?:-.*)?$/, 'mysql mysqladmin mariadb mariadb-admin'],
  [/^nodejs(?:-.*|\d+)?$/, 'node npm npx'],
  [/^npm$/, 'npm npx node'],
  [/^(?:openjdk.*|default-j(?:re|dk).*|java-.*|temurin.*|.*-amazon-corretto.*)$/, 'java'],
  [/^python3(?:\.\d+|-minimal|-full|\d*)?$/, 'python3 python'],
  [/^(?:python3-pip|py3-pip)$/, 'pip pip3 python3 python'],
  [/^python-is-python3$/, 'python python3'],
  [/^(?:python3|py3)-.*$/, 'python3'],
  [/^gunicorn3?$/, 'gunicorn python3'],
  [/^python3?-gunicorn$/, 'gunicorn python3'],
  [/^php\d*(?:-.*|\.\d.*)?$/, 'php'],
  [/^ruby(?:-.*|\d.*)?$/, 'ruby gem'],
  [/^(?:golang.*|go)$/, 'go'],
  [/^nginx(?:-.*)?$/, 'nginx'],
  [/^supervisor$/, 'supervisord supervisorctl python3'],
  [/^busybox-extras$/, 'telnet nc'],
  [/^busybox(?:-static)?$/, 'busybox'],
  [/^inetutils-telnet$/, 'telnet'],
  [/^httpie$/, 'http https python3'],
  [/^build-essential$/, 'gcc g++ make perl'],
  [/^ca-certificates$/, 'openssl'],
  [/^grpc[-_]health[-_]probe$/, 'grpc_health_probe'],
  [/^git$/, 'git perl'],
  [/^uvicorn$/, 'uvicorn'],
  [/^mongodb-.*$/, 'mongo mongosh'],
  [/^dumb-init$/, 'dumb-init'],
  [/^gawk$/, 'gawk awk'],
  [
    /^(?:bash|curl|wget|jq|tini|gosu|su-exec|socat|openssl|telnet|perl|sudo|vim|nano|tzdata|gnupg|unzip|make|gcc|g\+\+|cmake)$/,
    '',
  ],
  [/^lib.*|.*-dev$|.*-dev(?:el)?$|^fonts?-.*|^locales.*|^tzdata.*/, ''],
];

/** The programs that a package puts on the PATH, and whether it is known what it draws in. */
export function programsOf(
  tool: PackageTool,
  name: string,
): { programs: readonly string[]; isKnown: boolean } {
  const own = programName(name);
  if (tool === 'pip')
    return { programs: [own, ...(own === 'django' ? ['django-admin'] : [])], isKnown: true };
  if (tool === 'npm') return { programs: [own, ...(own === 'pm2' ? ['pm2-runtime'] : [])], isKnown: true };
  const found = brings.find(([pattern]) => pattern.test(name));
  return { programs: [own, ...(found?.[1].split(' ') ?? [])], isKnown: found !== undefined };
}
