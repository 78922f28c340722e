import { colorLabel, colorOfName, withoutColor } from '../../cross-file/colors.ts';
import { type SelectingService, selectingServices } from '../../cross-file/services.ts';
import { listOf, textOf, valueAt } from '../../document.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest } from '../../workspace.ts';

/** Ends of names of Services that lead to the colour that is not live, for tests before a cutover. */
const previewName = /-(?:preview|standby|test|idle|inactive|next|candidate|canary)$/;

const routeKinds = new Set(['HTTPRoute', 'GRPCRoute']);

export const liveServicePinned: Rule = {
  id: 'live-service-pinned',
  severity: 'error',
  layer: 'cross-file',
  title: 'No manifest pins the colour that is live',
  why: 'Which colour is live is decided at the cutover. A manifest that states a colour switches production back to it, without any check, each time that it is applied.',
  fix: 'Leave the colour out of the selector of the live Service (and weights out of the route), so that only the cutover sets it. Services that lead to one colour for tests bear it in their name: `gateway-green`, `gateway-preview`.',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/',
  check(workspace, report) {
    for (const service of selectingServices(workspace)) checkService(service, report);
    for (const manifest of workspace.manifests) {
      if (routeKinds.has(manifest.kind)) checkRoute(manifest, report);
      if (manifest.kind === 'Ingress') checkIngress(manifest, report);
    }
  },
};

function checkService({ manifest, labels }: SelectingService, report: Reporter): void {
  const pinned = colorLabel(labels);
  if (!pinned || previewName.test(manifest.name)) return;
  const own = colorOfName(manifest.name);
  if (own === pinned.color) return;
  const message =
    own === undefined
      ? `${named(manifest)} pins ${pinned.key}: ${pinned.color}, so applying it switches the route to ${pinned.color} whatever is live`
      : `${named(manifest)} leads to ${pinned.color}, the colour that its name does not say`;
  report.find(spotOf(manifest, ['spec', 'selector', pinned.key]), message);
}

/** Weights between the Services of both colours. */
function checkRoute(manifest: Manifest, report: Reporter): void {
  listOf(valueAt(manifest.value, ['spec', 'rules'])).forEach((rule, i) => {
    const refs = listOf(valueAt(rule, ['backendRefs']));
    const names = refs.map((ref) => textOf(valueAt(ref, ['name'])) ?? '');
    refs.forEach((ref, j) => {
      const name = names[j] ?? '';
      const isBoth = names.some((other) => other !== name && withoutColor(other) === withoutColor(name));
      if (colorOfName(name) === undefined || !isBoth || valueAt(ref, ['weight']) === undefined) return;
      const path = ['spec', 'rules', i, 'backendRefs', j, 'weight'];
      const message = `${named(manifest)} pins the weight of Service "${name}", so applying it resets what the cutover has set`;
      report.find(spotOf(manifest, path), message);
    });
  });
}

/** An Ingress to the Service of one colour; one that bears the colour itself is for tests. */
function checkIngress(manifest: Manifest, report: Reporter): void {
  if (colorOfName(manifest.name) !== undefined || previewName.test(manifest.name)) return;
  listOf(valueAt(manifest.value, ['spec', 'rules'])).forEach((rule, i) => {
    listOf(valueAt(rule, ['http', 'paths'])).forEach((item, j) => {
      const name = textOf(valueAt(item, ['backend', 'service', 'name']));
      const color = name === undefined ? undefined : colorOfName(name);
      if (color === undefined) return;
      const path = ['spec', 'rules', i, 'http', 'paths', j, 'backend', 'service', 'name'];
      const message = `${named(manifest)} leads to Service "${name}" of one colour, so applying it switches the route to ${color} whatever is live`;
      report.find(spotOf(manifest, path), message);
    });
  });
}
