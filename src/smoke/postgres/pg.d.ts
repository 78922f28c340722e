/**
 * What we use of pg's client. Its main module also reaches for an optional native binding, which no bundle can hold, so
 * the client is imported by its own path.
 */
declare module 'pg/lib/client.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface Config {
    host: string;
    port: number;
    user: string;
    database: string;
    /** As a function, so that neither PGPASSWORD nor a .pgpass file is looked at. */
    password: () => string;
    ssl: false | { ca?: string };
    sslnegotiation: 'postgres';
    enableChannelBinding: boolean;
    application_name: string;
    client_encoding: string;
    stream: () => Socket;
  }

  interface Query {
    text: string;
    rowMode: 'array';
    /** One statement only: the server refuses several. */
    queryMode: 'extended';
    types: { getTypeParser(oid: number): (text: string) => string };
  }

  interface Result {
    fields: readonly { name: string }[];
    rows: readonly (readonly (string | null)[])[];
  }

  export default class Client extends EventEmitter {
    constructor(config: Config);
    readonly connection: EventEmitter & { stream: Socket };
    connect(): Promise<unknown>;
    query(text: string): Promise<unknown>;
    query(query: Query): Promise<Result>;
    end(): Promise<void>;
  }
}
