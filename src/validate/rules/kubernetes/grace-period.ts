import { componentOf } from '../../kubernetes/components.ts';
import { graceOf, preStopSeconds } from '../../kubernetes/lifecycle.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { completePods, lasting, missingIn, named, runsForEver, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

export const gracePeriod: Rule = {
  id: 'grace-period',
  severity: 'warning',
  layer: 'policy',
  title: 'The grace period is longer than preStop and drain together',
  why: 'The clock of `terminationGracePeriodSeconds` starts with the preStop hook; what is left when it ends is killed, with the requests and WebSockets that the drain promised to finish.',
  fix: "Write a `terminationGracePeriodSeconds` above the hook's sleep plus the component's `drain` in cutover.yml.",
  source: 'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution',
  check(workspace, report) {
    for (const pod of completePods(workspace).filter(runsForEver)) checkPod(pod, workspace, report);
  },
};

function checkPod(pod: PodSpec, workspace: Workspace, report: Reporter): void {
  const { manifest } = pod;
  const grace = graceOf(pod);
  const hook = Math.max(0, ...lasting(pod).map(preStopSeconds));
  const drain = (componentOf(workspace, pod)?.drain ?? 0) / 1_000;
  const spot = grace.path ? spotOf(manifest, grace.path) : missingIn(manifest, pod.path);
  if (grace.seconds === 0) {
    report.find(spot, `${named(manifest)} has no grace period: its pods are killed without a warning`, {
      severity: 'error',
    });
    return;
  }
  if (hook + drain === 0 || grace.seconds > hook + drain) return;
  const needs = [hook > 0 ? `a preStop of ${hook} s` : '', drain > 0 ? `a drain of ${drain} s` : ''];
  report.find(
    spot,
    `${named(manifest)} has a grace period of ${grace.seconds} s${grace.path ? '' : ' (the default)'} for ${needs.filter((need) => need !== '').join(' and ')}; write more than ${hook + drain}`,
  );
}
