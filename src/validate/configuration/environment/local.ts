import type { Component } from '../../../config/model.ts';
import { unknown } from '../variables.ts';
import { gathered, type Supplier } from './supplier.ts';

/** What a component gets on the local target: `env` of cutover.yml, and the variables of its system and its port. */
export function localSupplier(component: Component, environment: string): Supplier {
  const result = gathered();
  for (const name of [
    'PORT',
    'LOGNAME',
    'LC_ALL',
    'LC_CTYPE',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'NODE_EXTRA_CA_CERTS',
    'HOST',
  ])
    result.variables.set(name, { value: unknown, origin: 'the local target' });
  for (const [name, value] of Object.entries(component.env)) {
    // Variables that are filled in when a release is made are empty in a plain reading.
    result.variables.set(name, { value, origin: 'env of the component' });
  }
  result.sources.push(`components/${component.name}/env of cutover.yml`);
  return { name: `component "${component.name}" of environment ${environment}`, environment, ...result };
}
