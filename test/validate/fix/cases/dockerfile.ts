import type { Case } from './case.ts';

const file = 'Dockerfile';
const base = 'FROM debian:13.2-slim\n';
const exec = { rule: 'dockerfile-exec-form', file };
const apt = { rule: 'dockerfile-apt-install', file };
const cache = { rule: 'dockerfile-package-cache', file };
const copy = { rule: 'dockerfile-copy-over-add', file };

export const dockerfileCases: readonly Case[] = [
  {
    ...exec,
    name: 'CMD of plain words',
    before: `${base}# start\nCMD node  server.js --port=8000\nUSER 1000\n`,
    after: `${base}# start\nCMD ["node", "server.js", "--port=8000"]\nUSER 1000\n`,
  },
  {
    ...exec,
    name: 'ENTRYPOINT of plain words',
    before: `${base}entrypoint /app/start\n`,
    after: `${base}entrypoint ["/app/start"]\n`,
  },
  { ...exec, name: 'a variable: left alone', before: `${base}CMD node server.js $PORT\n` },
  { ...exec, name: 'an operator: left alone', before: `${base}CMD migrate && serve\n` },
  { ...exec, name: 'quotes: left alone', before: `${base}CMD node "server.js"\n` },
  { ...exec, name: 'a glob: left alone', before: `${base}CMD cat /etc/*.conf\n` },
  { ...exec, name: 'a word of the shell: left alone', before: `${base}CMD cd /app\n` },
  { ...exec, name: 'a variable in front: left alone', before: `${base}CMD A=1 node server.js\n` },
  { ...exec, name: 'a script: left alone', before: `${base}CMD /app/start.sh\n` },
  {
    ...exec,
    name: 'arguments of an ENTRYPOINT: left alone',
    before: `${base}ENTRYPOINT ["tini", "--"]\nCMD node server.js\n`,
  },
  {
    ...exec,
    name: 'another shell: left alone',
    before: `${base}SHELL ["/bin/bash", "-c"]\nCMD node server.js\n`,
  },
  { ...exec, name: 'over several lines: left alone', before: `${base}CMD node \\\n  server.js\n` },
  {
    ...apt,
    name: 'everything at once',
    before: `${base}RUN apt-get update && apt-get install curl\n`,
    after: `${base}RUN apt-get update && apt-get install --no-install-recommends -y curl && rm -rf /var/lib/apt/lists/*\n`,
  },
  {
    ...apt,
    name: 'a comment of the shell at its end: left alone',
    before: `${base}RUN apt-get update \\\n    # for the health check\n    && apt-get install -y --no-install-recommends \\\n        curl=8.14.1-2 # pinned\nUSER 1000\n`,
  },
  {
    ...apt,
    name: 'over several lines',
    before: `${base}RUN apt-get update \\\n    # for the health check\n    && apt-get install -y --no-install-recommends curl=8.14.1-2\n# who\nUSER 1000\n`,
    after: `${base}RUN apt-get update \\\n    # for the health check\n    && apt-get install -y --no-install-recommends curl=8.14.1-2 \\\n    && rm -rf /var/lib/apt/lists/*\n# who\nUSER 1000\n`,
  },
  {
    ...apt,
    name: 'no -y',
    before: `${base}RUN apt-get update && apt-get install --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n`,
    after: `${base}RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n`,
  },
  {
    ...apt,
    name: 'lists that a later RUN needs: left alone',
    before: `${base}RUN apt-get update && apt-get install -y --no-install-recommends curl\nRUN apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*\n`,
  },
  {
    ...apt,
    name: 'commands that may fail: left alone',
    before: `${base}RUN apt-get update; apt-get install -y --no-install-recommends curl\n`,
  },
  {
    ...apt,
    name: 'a here-document: left alone',
    before: `${base}RUN <<EOF\napt-get update\napt-get install -y --no-install-recommends curl\nEOF\n`,
  },
  {
    ...cache,
    name: 'apk',
    before: 'FROM alpine:3.22.2\nRUN apk add curl=8.14.1-r2\n',
    after: 'FROM alpine:3.22.2\nRUN apk add --no-cache curl=8.14.1-r2\n',
  },
  {
    ...cache,
    name: 'pip',
    before: 'FROM python:3.14.0-slim\nRUN python3 -m pip install -r requirements.txt\n',
    after: 'FROM python:3.14.0-slim\nRUN python3 -m pip install --no-cache-dir -r requirements.txt\n',
  },
  {
    ...copy,
    name: 'plain files',
    before: `${base}ADD --chown=1000:1000 src/ /app/src/ # no comment here\nADD rootfs.tar.gz /\n`,
    after: `${base}COPY --chown=1000:1000 src/ /app/src/ # no comment here\nADD rootfs.tar.gz /\n`,
  },
];
