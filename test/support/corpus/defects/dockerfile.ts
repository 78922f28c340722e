import { type Defect, defectsIn, removed } from '../defect.ts';

const file = 'services/$A/Dockerfile';
const docker = defectsIn('dockerfile', file);
const expose = 'EXPOSE $P\n';
const user = 'USER $U\n';
const node = { languages: ['node'] };
const python = { languages: ['python'] };
const go = { languages: ['go'] };
const debian = { languages: ['node', 'python'] };
const run = (line: string) => `RUN ${line}\n${user}`;

export const dockerfileDefects: readonly Defect[] = [
  docker(
    'asks for confirmation',
    user,
    run(
      'apt-get update && «dockerfile-package-versions»«dockerfile-apt-install»apt-get install --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*',
    ),
    debian,
  ),
  docker(
    'recommended packages',
    user,
    run(
      'apt-get update && «dockerfile-apt-install»apt-get install -y libpq5=17.5-1 && rm -rf /var/lib/apt/lists/*',
    ),
    debian,
  ),
  docker(
    'install without update',
    user,
    run(
      '«dockerfile-apt-update»apt-get install -y --no-install-recommends libpq5=17.5-1 && rm -rf /var/lib/apt/lists/*',
    ),
    debian,
  ),
  docker('compiler stays', user, run('«dockerfile-build-tools»apk add --no-cache gcc=14.2.0-r6'), go),
  docker('ADD of plain files', 'COPY src ./src\nRUN', '«dockerfile-copy-over-add»ADD src ./src\nRUN', {
    languages: ['node', 'go', 'java'],
  }),
  docker(
    'ADD of a page',
    expose,
    `ADD «dockerfile-copy-over-add»https://example.com/agent-2.1.tar.gz /opt/\n${expose}`,
  ),
  docker(
    'shell form',
    'CMD ["node", "dist/server.js"]',
    'CMD «dockerfile-exec-form»node dist/server.js',
    node,
  ),
  docker(
    'single quotes',
    'CMD ["python", "src/main.py"]',
    "CMD «dockerfile-exec-form»['python', 'src/main.py']",
    python,
  ),
  docker(
    'variable in exec form',
    'CMD ["./$A"]',
    `CMD ["./$A", «dockerfile-exec-variables»"--port=\${PORT}"]`,
    go,
  ),
  docker('port out of range', expose, 'EXPOSE «dockerfile-expose»80000\n'),
  {
    name: 'all copied, nothing left out',
    area: 'dockerfile',
    languages: ['go'],
    alone: true,
    changes: [
      {
        file: 'services/$A/Dockerfile',
        find: 'COPY src ./src\n',
        put: 'COPY «dockerfile-ignore-file». ./\n',
      },
      { file: 'services/$A/.dockerignore', put: removed },
    ],
  },
  docker(
    'maintainer',
    expose,
    `«dockerfile-instruction-order»MAINTAINER Platform <platform@example.com>\n${expose}`,
  ),
  docker(
    'curl on slim',
    'HEALTHCHECK --interval=5s CMD ["node", "dist/health.js"]',
    'HEALTHCHECK --interval=5s CMD «dockerfile-missing-program»curl --fail http://127.0.0.1:$P/ready || exit 1',
    node,
  ),
  docker('bash on Alpine', 'CMD ["./$A"]', 'CMD [«dockerfile-missing-program»"bash", "-c", "exec ./$A"]', go),
  docker(
    'wget on slim',
    'HEALTHCHECK --interval=5s CMD ["python", "src/health.py"]',
    'HEALTHCHECK --interval=5s CMD [«dockerfile-missing-program»"wget", "-q", "http://127.0.0.1:$P/ready"]',
    python,
  ),
  docker(
    'started by npm',
    'CMD ["node", "dist/server.js"]',
    'CMD [«dockerfile-npm-start»"npm", "start"]',
    node,
  ),
  docker('index of packages stays', user, run('«dockerfile-package-cache»apk add tini=0.19.0-r3'), go),
  docker(
    'cache of pip stays',
    user,
    run('«dockerfile-package-cache»pip install --require-hashes -r src/extra.txt'),
    python,
  ),
  docker(
    'upgraded in the build',
    user,
    run('apt-get update && «dockerfile-package-upgrade»apt-get upgrade -y && rm -rf /var/lib/apt/lists/*'),
    debian,
  ),
  docker(
    'package without a version',
    user,
    run('«dockerfile-package-versions»pip install --no-cache-dir flask'),
    python,
  ),
  docker('base without a tag', 'FROM alpine:3.22.1@sha256:$D\n', 'FROM «dockerfile-pinned-base»alpine\n', go),
  docker(
    'base that moves',
    'FROM node:24.1.0-slim@sha256:$D\n',
    'FROM «dockerfile-pinned-base»node:latest\n',
    { ...node, alone: true },
  ),
  docker(
    'base without a digest',
    'FROM eclipse-temurin:24.0.1_9-jre@sha256:$D\n',
    'FROM «dockerfile-pinned-base»eclipse-temurin:24.0.1_9-jre\n',
    { languages: ['java'] },
  ),
  docker(
    'piped into a shell',
    'COPY go.mod go.sum ./\n',
    'COPY go.mod go.sum ./\nRUN «dockerfile-pipe-to-shell»curl -fsSL https://example.com/install.sh | sh\n',
    go,
  ),
  docker(
    'platform of the final stage',
    'FROM alpine:3.22.1@sha256',
    'FROM «dockerfile-platform»--platform=linux/amd64 alpine:3.22.1@sha256',
    go,
  ),
  docker('token as an argument', 'RUN npm ci\n', 'ARG «dockerfile-secret»NPM_TOKEN\nRUN npm ci\n', node),
  docker(
    'password in the environment',
    expose,
    `ENV «dockerfile-secret»DATABASE_PASSWORD=tr4ding-floor-9\n${expose}`,
  ),
  docker('two commands', expose, `«dockerfile-single-command»CMD ["./seed"]\n${expose}`, {
    alone: true,
    ...go,
  }),
  docker('two health checks', expose, `«dockerfile-single-healthcheck»HEALTHCHECK NONE\n${expose}`),
  docker('killed at once', expose, `STOPSIGNAL «dockerfile-stop-signal»SIGKILL\n${expose}`),
  docker('sudo', 'RUN npm ci\n', 'RUN «dockerfile-sudo»sudo npm ci\n', node),
  {
    name: 'stage misspelt',
    area: 'dockerfile',
    languages: ['go'],
    alone: true,
    changes: [
      { file, find: 'COPY --from=build --chown', put: 'COPY «dockerfile-unknown-stage»--from=biuld --chown' },
      // Nothing else copies from it.
      { file, find: 'FROM golang', put: '«dockerfile-unused-stage»FROM golang' },
    ],
  },
  docker(
    'stage of no use',
    'FROM alpine:3.22.1@sha256:$D\n',
    '«dockerfile-unused-stage»FROM alpine:3.22.1@sha256:$D AS test\nRUN ./test.sh\n\nFROM alpine:3.22.1@sha256:$D\n',
    { ...go, alone: true },
  ),
  {
    name: 'no user',
    area: 'dockerfile',
    languages: ['go'],
    alone: true,
    changes: [
      { file, find: user, put: '' },
      { file, find: 'FROM alpine', put: '«dockerfile-user»FROM alpine' },
    ],
  },
  docker('root at the end', user, 'USER «dockerfile-user»root\n'),
  docker('relative folder', 'WORKDIR /srv\n', 'WORKDIR «dockerfile-workdir»srv\n', go),
  docker('only a change of folder', expose, `RUN «dockerfile-workdir»cd /opt\n${expose}`, {
    languages: ['node', 'python', 'go', 'java'],
  }),
  docker('writable by all', expose, `RUN chmod -R «dockerfile-world-writable»777 /opt\n${expose}`),
  docker(
    'copied writable by all',
    'COPY --from=build --chown',
    'COPY «dockerfile-world-writable»--chmod=777 --from=build --chown',
  ),
  docker('instruction misspelt', expose, `«syntax-error»EXPOSES $P\n${expose}`),
];
