import { listOf, mappingOf, textOf } from '../document.ts';
import type { Container } from './pods.ts';

/** A port that a container declares. */
export interface DeclaredPort {
  readonly name: string | undefined;
  readonly number: number | undefined;
}

export function declaredPorts(container: Container): readonly DeclaredPort[] {
  return listOf(container.value['ports']).flatMap((item) => {
    const port = mappingOf(item);
    if (!port) return [];
    const number = port['containerPort'];
    return [{ name: textOf(port['name']), number: typeof number === 'number' ? number : undefined }];
  });
}

/** The declared port of that name or number; a name in digits is a number, as the kubelet takes it. */
export function portNamed(container: Container, port: string | number | undefined): DeclaredPort | undefined {
  const ports = declaredPorts(container);
  const number = portNumber(port);
  return ports.find((declared) =>
    number === undefined ? declared.name !== undefined && declared.name === port : declared.number === number,
  );
}

/** 8080 of `8080` and `"8080"`; undefined for a name. */
export function portNumber(port: unknown): number | undefined {
  if (typeof port === 'number') return port;
  return typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : undefined;
}
