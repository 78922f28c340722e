/**
 * The whole name of a repository, as an engine resolves it: without a host it is one of docker.io, and there without an
 * owner one of `library`. By https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function wholeName(repository: string): string {
  const slash = repository.indexOf('/');
  const first = slash === -1 ? '' : repository.slice(0, slash);
  const hasHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const host = hasHost ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const path = hasHost ? repository.slice(slash + 1) : repository;
  return host === 'docker.io' && !path.includes('/') ? `${host}/library/${path}` : `${host}/${path}`;
}

/** Whether a whole name is one that the pattern stands for; `*` is any text without a slash. */
export function matchesName(pattern: string, name: string): boolean {
  const wanted = wholeName(pattern);
  if (!wanted.includes('*')) return wanted === name;
  const source = wanted
    .split('*')
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*');
  return new RegExp(`^${source}$`).test(name);
}
