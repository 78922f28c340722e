import { type Defect, defectsIn } from '../defect.ts';

const compose = defectsIn('compose', 'compose.yml');
const image = '    image: ghcr.io/acme/$A:1.4.2@sha256:$D\n';
const level = '      LOG_LEVEL: info\n';
const databaseTest = '      test: ["CMD", "pg_isready", "-U", "orders"]\n      interval: 5s\n';

export const composeDefects: readonly Defect[] = [
  compose(
    'depends on itself',
    '      database:\n        condition: service_healthy\n',
    '      database:\n        condition: service_healthy\n      «compose-cycle»$A:\n        condition: service_started\n',
  ),
  compose(
    'waits for a start only',
    '      database:\n        condition: service_healthy\n',
    '      - «compose-depends-on-started»database\n',
    { alone: true },
  ),
  compose(
    'engine socket',
    image,
    `${image}    volumes:\n      - «compose-docker-socket»/var/run/docker.sock:/var/run/docker.sock:ro\n`,
  ),
  {
    name: 'waits for health that nobody checks',
    area: 'compose',
    alone: true,
    changes: [
      { file: 'compose.yml', find: databaseTest, put: '      disable: true\n' },
      {
        file: 'compose.yml',
        find: 'condition: service_healthy',
        put: 'condition: «compose-healthy-dependency»service_healthy',
      },
    ],
  },
  compose(
    'network of the host',
    '    networks: [backend]\n    restart: unless-stopped\n    stop_grace',
    '    network_mode: «compose-host-namespaces»host\n    restart: unless-stopped\n    stop_grace',
    { alone: true },
  ),
  compose('process ids of the host', image, `${image}    pid: «compose-host-namespaces»host\n`),
  compose('latest', image, '    image: «compose-image-pinned»ghcr.io/acme/$A:latest\n'),
  compose(
    'database without a tag',
    'image: postgres:17.5@sha256:$D',
    'image: «compose-image-pinned»postgres',
    { alone: true },
  ),
  compose('variable never closed', level, `      LOG_LEVEL: «compose-interpolation»\${LOG_LEVEL:-info\n`),
  {
    name: 'no limit of memory',
    area: 'compose',
    changes: [
      { file: 'compose.yml', find: '    mem_limit: 512m\n', put: '' },
      { file: 'compose.yml', find: '  $A:\n', put: '  «compose-memory-limit»$A:\n' },
    ],
  },
  compose(
    'probe that the image has not',
    databaseTest,
    '      test: ["CMD", «compose-missing-program»"curl", "-f", "http://localhost:5432"]\n      interval: 5s\n',
  ),
  compose(
    'port twice',
    '    networks: [backend]\n    restart: unless-stopped\n    mem_limit: 1g\n',
    '    ports:\n      - «compose-port-clash»"127.0.0.1:$P:5432"\n    networks: [backend]\n    restart: unless-stopped\n    mem_limit: 1g\n',
  ),
  compose(
    'database for everybody',
    '    env_file: database.env\n',
    '    env_file: database.env\n    ports:\n      - «compose-published-database»"5432:5432"\n',
  ),
  compose('privileged service', image, `${image}    privileged: «compose-privileged»true\n`),
  compose(
    'administrator of the host',
    '    env_file: database.env\n',
    '    env_file: database.env\n    cap_add:\n      - «compose-privileged»SYS_ADMIN\n',
  ),
  compose('volume that is not', '      - data:/var/lib', '      - «compose-references»dta:/var/lib'),
  compose(
    'network that is not',
    '    networks: [backend]\n    restart: unless-stopped\n    stop_grace',
    '    networks: [«compose-references»bakend]\n    restart: unless-stopped\n    stop_grace',
  ),
  compose('env file that is not', 'env_file: database.env', 'env_file: «compose-references»databse.env'),
  {
    name: 'stays down',
    area: 'compose',
    alone: true,
    changes: [
      { file: 'compose.yml', find: '    restart: unless-stopped\n    stop_grace', put: '    stop_grace' },
      { file: 'compose.yml', find: '  $A:\n', put: '  «compose-restart-policy»$A:\n' },
    ],
  },
  compose('key misspelt', '    stop_grace_period: 30s', '    «compose-schema»stop_grace_perod: 30s'),
  compose(
    'key of a health check misspelt',
    '"ready"]\n      interval: 5s',
    '"ready"]\n      «compose-schema»intervall: 5s',
  ),
  compose(
    'password written out',
    level,
    `${level}      DATABASE_PASSWORD: «compose-secret-literal»tr4ding-floor-9\n`,
  ),
  compose('version', 'name: $A\n', '«compose-version»version: "3.9"\nname: $A\n'),
  {
    name: 'fixed name of a component',
    area: 'compose',
    changes: [
      { file: 'compose.yml', find: image, put: `${image}    «compose-container-name»container_name: $A\n` },
      { file: 'cutover.yml', put: 'name: $A\ncomponents:\n  $A: { run: [./$A], port: $P }\n' },
    ],
  },
];
