import type { Case } from './case.ts';

const file = '.github/workflows/test.yml';
const checkout = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';

const workflow = (steps: string, permissions = 'permissions: {}\n\n'): string => `name: Test
on:
  pull_request:
    branches: [main]

${permissions}# everything that is checked
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
${steps}`;

const persist = { rule: 'workflow-persist-credentials', file };
const permissions = { rule: 'workflow-permissions', file };
const plain = `      - uses: ${checkout}\n      - run: make test\n`;

export const workflowCases: readonly Case[] = [
  {
    ...persist,
    name: 'no with',
    before: workflow(plain),
    after: workflow(
      `      - uses: ${checkout}\n        with:\n          persist-credentials: false\n      - run: make test\n`,
    ),
  },
  {
    ...persist,
    name: 'into with',
    before: workflow(
      `      - name: Code\n        uses: ${checkout}\n        with:\n          # all of it\n          fetch-depth: 0\n      - run: make test\n`,
    ),
    after: workflow(
      `      - name: Code\n        uses: ${checkout}\n        with:\n          # all of it\n          fetch-depth: 0\n          persist-credentials: false\n      - run: make test\n`,
    ),
  },
  {
    ...persist,
    name: 'into with in flow style',
    before: workflow(`      - uses: ${checkout}\n        with: { fetch-depth: 0 }\n      - run: make test\n`),
    after: workflow(
      `      - uses: ${checkout}\n        with: { fetch-depth: 0, persist-credentials: false }\n      - run: make test\n`,
    ),
  },
  {
    ...persist,
    name: 'said to stay: left alone',
    before: workflow(
      `      - uses: ${checkout}\n        with: { persist-credentials: true }\n      - run: make test\n`,
    ),
  },
  {
    ...persist,
    name: 'a later step fetches: left alone',
    before: workflow(`      - uses: ${checkout}\n      - run: git fetch origin main && make test\n`),
  },
  {
    ...persist,
    name: 'a later action may need it: left alone',
    before: workflow(
      `      - uses: ${checkout}\n      - uses: acme/changes@11bd71901bbe5b1630ceea73d27597364c9af683 # v1.0.0\n      - run: make test\n`,
    ),
  },
  {
    ...permissions,
    name: 'a workflow that only reads',
    before: workflow(
      `      - uses: ${checkout}\n        with:\n          persist-credentials: false\n      - run: make test\n`,
      '',
    ),
    after: workflow(
      `      - uses: ${checkout}\n        with:\n          persist-credentials: false\n      - run: make test\n`,
      'permissions:\n  contents: read\n\n',
    ),
  },
  {
    ...permissions,
    name: 'a step uses the token: left alone',
    before: workflow(`      - run: gh pr list\n        env: { GH_TOKEN: "\${{ github.token }}" }\n`, ''),
  },
  {
    ...permissions,
    name: 'an action that may write: left alone',
    before: workflow(`      - uses: acme/comment@11bd71901bbe5b1630ceea73d27597364c9af683 # v1.0.0\n`, ''),
  },
];
