/** `1.34`, also where it is written `v1.34.2`; undefined where it is no version of Kubernetes. */
export const kubernetesVersionIn = (given: string): string | undefined =>
  /^v?(1\.\d{1,2})(?:\.\d{1,3})?$/.exec(given)?.[1];

/** Whether a version is later than another one, both as `1.34`. */
export const isNewerKubernetes = (version: string, than: string): boolean => minorOf(version) > minorOf(than);

const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);
