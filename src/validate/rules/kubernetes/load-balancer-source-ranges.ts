import { listOf, mappingOf, type Path, textOf, valueAt } from '../../document.ts';
import { isSystem, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest } from '../../workspace.ts';

/** The older way to write it, still read by the cloud providers. */
const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Annotations by which clouds make a load balancer that only their private network reaches. */
const internal: Readonly<Record<string, readonly string[]>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', '0.0.0.0/0'],
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/openstack-internal-load-balancer': ['true'],
  'service.beta.kubernetes.io/oci-load-balancer-internal': ['true'],
  'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': ['private'],
  'networking.gke.io/load-balancer-type': ['Internal'],
  'cloud.google.com/load-balancer-type': ['Internal'],
  'load-balancer.hetzner.cloud/disable-public-network': ['true'],
};

export const loadBalancerSourceRanges: Rule = {
  id: 'load-balancer-source-ranges',
  severity: 'warning',
  layer: 'policy',
  title: 'Load balancers say who may connect',
  why: 'A Service of type LoadBalancer without source ranges is open to the whole internet, past every Ingress and its authentication.',
  fix: 'Write `spec.loadBalancerSourceRanges` with the networks of the clients, or make the load balancer internal; where it is meant to be public, ignore the finding with that reason.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (manifest.kind === 'Service' && !isSystem(manifest)) checkService(manifest, report);
    }
  },
};

function checkService(manifest: Manifest, report: Reporter): void {
  const spec = mappingOf(manifest.value['spec']);
  if (spec?.['type'] !== 'LoadBalancer' || spec['loadBalancerClass'] === 'tailscale' || isInternal(manifest))
    return;
  const ranges = rangesOf(manifest);
  if (ranges.length === 0) {
    report.find(
      spotOf(manifest, ['spec', 'type']),
      `${named(manifest)} is open to every address; write loadBalancerSourceRanges`,
    );
    return;
  }
  for (const range of ranges) {
    if (!isEverything(range.text)) continue;
    report.find(
      spotOf(manifest, range.path),
      `${named(manifest)} lets every address in with the source range ${range.text}`,
    );
  }
}

interface Range {
  readonly text: string;
  readonly path: Path;
}

function rangesOf(manifest: Manifest): readonly Range[] {
  const path: Path = ['spec', 'loadBalancerSourceRanges'];
  const listed = listOf(valueAt(manifest.value, path)).flatMap((item, index) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ text: text.trim(), path: [...path, index] }];
  });
  if (listed.length > 0) return listed;
  const annotation: Path = ['metadata', 'annotations', rangesAnnotation];
  const written = textOf(valueAt(manifest.value, annotation)) ?? '';
  const parts = written.split(',').filter((part) => part.trim() !== '');
  return parts.map((part) => ({ text: part.trim(), path: annotation }));
}

const isEverything = (range: string): boolean => /^(?:0\.0\.0\.0|::)\/0$/.test(range);

function isInternal(manifest: Manifest): boolean {
  const annotations = mappingOf(valueAt(manifest.value, ['metadata', 'annotations'])) ?? {};
  return Object.entries(internal).some(([key, values]) => values.includes(String(annotations[key])));
}
