import type { Case } from './case.ts';

const services = `services:
  gateway:
    image: ghcr.io/acme/gateway:1.0.0
`;

const file = 'compose.yml';
const version = { rule: 'compose-version', file };
const schema = { rule: 'compose-schema', file };

export const composeCases: readonly Case[] = [
  { ...version, name: 'first line', before: `version: "3.8"\n\n${services}`, after: services },
  {
    ...version,
    name: 'between comments',
    before: `# the release\nversion: '3'\n# what runs\n${services}`,
    after: `# the release\n# what runs\n${services}`,
  },
  { ...version, name: 'last line', before: `${services}version: "3"`, after: services },
  {
    ...version,
    name: 'a comment of its own stays',
    before: `version: "3.8" # for the old cluster\n${services}`,
    after: `# for the old cluster\n${services}`,
  },
  {
    ...version,
    name: 'CRLF',
    before: `name: a\r\nversion: "3.8"\r\n${services}`,
    after: `name: a\r\n${services}`,
  },
  {
    ...version,
    name: 'on a line with others: left alone',
    before: '{ version: "3", services: { a: { image: "acme/a:1.0.0" } } }\n',
  },
  {
    ...schema,
    name: 'numbers that have to be text',
    before: `${services}    user: 1000 # who\n    hostname: 0644\n    command: [sleep, 10]\n    ports: ["8000:8000"]\n`,
    after: `${services}    user: "1000" # who\n    hostname: "0644"\n    command: [sleep, "10"]\n    ports: ["8000:8000"]\n`,
  },
  {
    ...schema,
    name: 'what quotes do not mend: left alone',
    before: `${services}    init: 1\n    stop_grace_period: 10\n`,
  },
];
