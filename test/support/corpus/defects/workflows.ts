import { type Change, type Defect, defectsIn } from '../defect.ts';

const file = '.github/workflows/release.yml';
const workflow = defectsIn('workflows', file);
const testRun = '      - run: ./scripts/test.sh\n';
const deployRun = '      - run: ./scripts/deploy.sh\n';
const runner = '    runs-on: ubuntu-24.04\n    timeout-minutes: 10\n';
const deployIf = "if: github.event_name == 'push' && github.ref == 'refs/heads/main'";
const events = '  pull_request:\n';
const checkout = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';

/** A workflow of its own with one job; `steps` and `on` as they are written. */
const own = (name: string, on: string, steps: string): Defect => ({
  name,
  area: 'workflows',
  changes: [
    {
      file: '.github/workflows/extra.yml',
      put: `name: extra
on: ${on}
permissions: {}
jobs:
  extra:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to check the code out
    steps:
${steps}`,
    },
  ],
});

const changes = (name: string, ...all: readonly Change[]): Defect => ({
  name,
  area: 'workflows',
  changes: all,
});

export const workflowDefects: readonly Defect[] = [
  workflow('hour of a schedule', events, `${events}  schedule:\n    - cron: «workflow-cron»"17 25 * * *"\n`),
  workflow(
    'deployment cancelled',
    'cancel-in-progress: false',
    'cancel-in-progress: «workflow-deploy-cancel»true',
    { alone: true },
  ),
  workflow(
    'expression never closed',
    testRun,
    `${testRun}      - if: \${{ «workflow-expression-syntax»contains(github.ref, 'main' }}\n        run: ./scripts/test.sh\n`,
  ),
  workflow(
    'job of another branch',
    deployIf,
    "if: «workflow-job-never-runs»github.event_name == 'push' && github.ref == 'refs/heads/release'",
  ),
  workflow(
    'job that contradicts itself',
    deployIf,
    "if: «workflow-job-never-runs»github.event_name == 'push' && github.event_name == 'workflow_dispatch'",
  ),
  workflow(
    'matrix that is not',
    testRun,
    `      - run: ./scripts/test.sh \${{ «workflow-matrix-reference»matrix.node }}\n`,
  ),
  workflow('script that is not', deployRun, '      - run: «workflow-missing-file»./scripts/deploy-all.sh\n'),
  workflow('needs a job that is not', 'needs: test', 'needs: «workflow-needs»tests'),
  workflow('may write all', 'permissions: {}', 'permissions: «workflow-permissions»write-all'),
  changes('token left behind', {
    file,
    find: `      contents: read # to check the code out\n    steps:\n      - uses: ${checkout}\n        with:\n          persist-credentials: false\n${testRun}`,
    put: `      contents: read # to check the code out\n    steps:\n      - «workflow-persist-credentials»uses: ${checkout}\n${testRun}`,
  }),
  workflow(
    'action by its tag',
    testRun,
    `      - uses: «workflow-pinned-actions»actions/setup-node@v5\n${testRun}`,
  ),
  workflow(
    'action by a branch',
    deployRun,
    `      - uses: «workflow-pinned-actions»actions/setup-node@main\n${deployRun}`,
  ),
  workflow(
    'credential written out',
    deployRun,
    `${deployRun}        env:\n          BROKER_PASSWORD: «workflow-plain-secret»tr4ding-floor-2026\n`,
  ),
  changes(
    'deploys pull requests',
    { file, find: `    ${deployIf}\n`, put: '' },
    { file, find: 'environment: production', put: 'environment: «workflow-pull-request-deploy»production' },
  ),
  workflow(
    'calls and runs',
    '  deploy:\n',
    '  call:\n    uses: «workflow-missing-file»./.github/workflows/called.yml\n    permissions: {}\n    «workflow-reusable-call»runs-on: ubuntu-24.04\n  deploy:\n',
  ),
  workflow('runner of old', runner, '    runs-on: «workflow-runs-on»ubuntu-20.04\n    timeout-minutes: 10\n'),
  own(
    'another image is scanned',
    '{ push: { branches: [main] } }',
    `      - run: docker build --tag ghcr.io/acme/$A:1.4.2 .
      - run: trivy image «workflow-scanned-image»ghcr.io/acme/$A-old:1.4.2
`,
  ),
  workflow(
    'machine of our own',
    runner,
    '    runs-on: «workflow-self-hosted-runner»[self-hosted, linux]\n    timeout-minutes: 10\n',
  ),
  workflow('step of nothing', testRun, `${testRun}      - «workflow-step»name: Nothing\n`),
  changes(
    'no time limit',
    { file, find: '    timeout-minutes: 10\n', put: '' },
    { file, find: '  test:\n', put: '  «workflow-timeout»test:\n' },
  ),
  workflow(
    'output of no step',
    deployRun,
    `      - run: ./scripts/deploy.sh \${{ «workflow-undefined-output»steps.build.outputs.tag }}\n`,
  ),
  workflow(
    'key misspelt',
    '    environment: production\n',
    '    «workflow-unknown-key»enviroment: production\n',
  ),
  own(
    'code of strangers with our rights',
    'pull_request_target',
    `      - uses: ${checkout}
        with:
          ref: «workflow-untrusted-checkout»\${{ github.event.pull_request.head.sha }}
          persist-credentials: false
      - run: ./scripts/test.sh
`,
  ),
  own(
    'title of an issue in a script',
    '{ issues: { types: [opened] } }',
    `      - run: echo "\${{ «workflow-untrusted-input»github.event.issue.title }}"\n`,
  ),
  own(
    'branch name in a script',
    'pull_request',
    `      - run: git log "\${{ «workflow-untrusted-input»github.head_ref }}"\n`,
  ),
  own(
    'title in a script of several lines',
    '{ pull_request: { branches: [main] } }',
    `      - name: Announce
        run: |
          set -eu
          echo "\${{ «workflow-untrusted-input»github.event.pull_request.title }}"
`,
  ),
];
