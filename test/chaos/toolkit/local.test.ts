import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readToolkit } from '../../../src/chaos/toolkit/read.ts';
import { runToolkit } from '../../../src/chaos/toolkit/run.ts';
import { readForeignText } from '../../../src/config/foreign.ts';
import { LocalSandbox, moody } from '../../support/local-sandbox.ts';
import { unprotected } from '../../support/protection.ts';
import { Lab } from '../harness.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

const experiment = (origin: string) => `
title: The app survives a kill
description: On real processes.
configuration: { origin: "${origin}" }
secrets: { who: { agent: secret-agent } }
steady-state-hypothesis:
  title: It answers, and both instances are ready
  probes:
    - { type: probe, name: answers, tolerance: 200, provider: { type: http, url: "\${origin}/health", timeout: [1, 2], headers: { x-agent: "\${agent}" } } }
    - { type: probe, name: knows itself, tolerance: { type: jsonpath, target: body, path: "$.color", expect: blue }, provider: { type: http, url: "\${origin}/who" } }
    - type: probe
      name: ready
      tolerance: true
      provider: { type: python, module: chaosk8s.probes, func: all_microservices_healthy }
method:
  - type: action
    name: kill
    provider: { type: python, module: chaosk8s.pod.actions, func: terminate_pods, arguments: { label_selector: app=app, grace_period: 0 } }
  - type: probe
    name: again
    tolerance: true
    provider: { type: python, module: chaosk8s.deployment.probes, func: deployment_fully_available, arguments: { name: app, timeout: 20 } }
rollbacks:
  - { type: action, name: a program, provider: { type: process, path: node, arguments: ["-p", "6 * 7"] } }
`;

test('an experiment kills a real process of the local target, which heals', async () => {
  const component = moody();
  const { target, lease, origin } = await sandbox.live({ component, instances: 2 });
  const text = experiment(origin);
  const read = readToolkit(readForeignText(text, 'experiment.yaml'), {
    target: target.kind,
    components: ['app'],
    env: () => undefined,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const before = (await target.instances('app', 'blue')).map(({ pid }) => pid);
  const { evidence, journal } = await runToolkit({
    ...new Lab().request([]),
    components: { app: component },
    protect: unprotected,
    target,
    platform: sandbox.platform,
    token: lease.token,
    experiment: read.experiment,
    aim: 'live',
  });
  const after = (await target.instances('app', 'blue')).map(({ pid }) => pid);
  await sandbox.remember();
  expect(evidence).toMatchObject({ verdict: 'passed' });
  expect(evidence.experiments[0]?.faults).toMatchObject([{ targets: ['app/blue-1'], witnessed: 'passed' }]);
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(await target.faults?.active()).toEqual([]);
  expect(journal).toMatchObject({
    status: 'completed',
    rollbacks: [{ output: { status: 0, stdout: '42\n', stderr: '' } }],
  });
  expect(JSON.stringify(journal)).not.toContain('secret-agent');
});
