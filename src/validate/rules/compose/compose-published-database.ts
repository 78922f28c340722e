import { isEvery, portsOf } from '../../compose/ports.ts';
import { inService, projectsOf, servicesOf } from '../../compose/project.ts';
import type { Rule } from '../../rule.ts';

/** Ports by the services registered for them; of what is reached by its own clients only. */
const stores: Readonly<Record<number, string>> = {
  1433: 'SQL Server',
  1521: 'Oracle',
  2181: 'ZooKeeper',
  2379: 'etcd',
  3306: 'MySQL',
  5432: 'PostgreSQL',
  5672: 'RabbitMQ',
  6379: 'Redis',
  8086: 'InfluxDB',
  9042: 'Cassandra',
  9092: 'Kafka',
  9200: 'Elasticsearch',
  11211: 'Memcached',
  26257: 'CockroachDB',
  27017: 'MongoDB',
};

export const composePublishedDatabase: Rule = {
  id: 'compose-published-database',
  severity: 'error',
  layer: 'policy',
  title: 'Databases and caches are not published on all addresses of the host',
  why: "Docker opens a published port past the host's firewall rules: the store can be reached by everyone who can reach the host, often with a password that is in the repository.",
  fix: 'Leave out `ports` (services of the project reach it by its name), or write `127.0.0.1:5432:5432`.',
  source: 'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  check(workspace, report) {
    for (const project of projectsOf(workspace)) {
      for (const [name, service] of servicesOf(project)) {
        for (const { target, address, path } of portsOf(service)) {
          const store = target?.from === target?.to ? stores[target?.from ?? 0] : undefined;
          if (store !== undefined && isEvery(address)) {
            report.find(
              inService(project, name, ...path),
              `port ${target?.from} (${store}) is published on all addresses of the host; write 127.0.0.1 before it, or leave it out`,
            );
          }
        }
      }
    }
  },
};
