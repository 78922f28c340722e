import { basename } from 'node:path/posix';

export type FileKind =
  | 'yaml'
  | 'json'
  | 'dockerfile'
  | 'compose'
  | 'workflow'
  | 'action'
  | 'env'
  | 'kustomization';

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

/** What a file claims to be by its path; undefined: nothing that a release is made of. */
export function kindOf(path: string): FileKind | undefined {
  const name = basename(path);
  if (/^\.?(?:dockerfile|containerfile)(?:\.[\w.-]+)?$/i.test(name) && !/\.(?:dockerignore|md)$/i.test(name))
    return 'dockerfile';
  if (/\.(?:dockerfile|containerfile)$/i.test(name)) return 'dockerfile';
  if (/^kustomization(?:\.ya?ml)?$/i.test(name)) return 'kustomization';
  if (isYaml(name)) return yamlKind(path, name);
  if (/\.json$/i.test(name)) return 'json';
  return /^\.env(?:\.[\w.-]+)?$|\.env$/i.test(name) ? 'env' : undefined;
}

function yamlKind(path: string, name: string): FileKind {
  if (/^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i.test(name)) return 'compose';
  if (/^\.github\/workflows\/[^/]+$/.test(path)) return 'workflow';
  return /^action\.ya?ml$/i.test(name) ? 'action' : 'yaml';
}
