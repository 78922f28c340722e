import { type Backend, checkBackend } from '../../cross-file/backends.ts';
import { listOf, mappingOf, type Path, textOf, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import type { Manifest } from '../../workspace.ts';

export const ingressBackend: Rule = {
  id: 'ingress-backend',
  severity: 'error',
  layer: 'cross-file',
  title: 'Services and ports that an Ingress leads to exist',
  why: 'An Ingress controller answers 503 for a path whose Service or port does not exist, and no object shows that as an error.',
  fix: 'Write the name of a Service of the same namespace, and one of its own ports: `port.name` for the name, `port.number` for the number of the Service (not of the container).',
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (manifest.kind !== 'Ingress') continue;
      for (const backend of backendsOf(manifest)) checkBackend(backend, { workspace, report });
    }
  },
};

function backendsOf(manifest: Manifest): readonly Backend[] {
  const ofRules = listOf(valueAt(manifest.value, ['spec', 'rules'])).flatMap((rule, i) =>
    listOf(valueAt(rule, ['http', 'paths'])).flatMap((path, j) =>
      backendOf(manifest, mappingOf(path)?.['backend'], ['spec', 'rules', i, 'http', 'paths', j, 'backend']),
    ),
  );
  const fallback = valueAt(manifest.value, ['spec', 'defaultBackend']);
  return [...backendOf(manifest, fallback, ['spec', 'defaultBackend']), ...ofRules];
}

function backendOf(from: Manifest, value: unknown, at: Path): Backend[] {
  const name = textOf(valueAt(value, ['service', 'name']));
  if (name === undefined) return [];
  const path = [...at, 'service', 'port'];
  const number = valueAt(value, ['service', 'port', 'number']);
  const text = textOf(valueAt(value, ['service', 'port', 'name']));
  const byNumber = typeof number === 'number' ? { value: number, path: [...path, 'number'] } : undefined;
  const port = text === undefined ? byNumber : { value: text, path: [...path, 'name'] };
  // The AWS controller's actions are not Services.
  if (text === 'use-annotation') return [];
  return [{ from, name, path: [...at, 'service', 'name'], port }];
}
