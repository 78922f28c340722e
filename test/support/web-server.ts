import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer {
  /** `127.0.0.1:port` */
  host: string;
  origin: string;
  close(): Promise<void>;
}

/** An HTTP server of the test's own on a free loopback port. */
export async function serveWeb(listener: RequestListener): Promise<WebServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host, origin: `http://${host}`, close };
}
