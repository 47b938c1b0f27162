// Databases of our own on a server that somebody else may use too: made one by one, and all dropped in the end.
import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** Databases on one server. */
export class TestDatabases {
  readonly #server: string;
  readonly #made: string[] = [];

  /** On the server of a URL without a database. */
  constructor(server: string) {
    this.#server = server;
  }

  /** Makes an empty one, and gives its URL. */
  async make(): Promise<string> {
    const name = `fogbow_test_${randomBytes(6).toString("hex")}`;
    await this.onServer(`CREATE DATABASE ${name}`);
    this.#made.push(name);
    return `${this.#server}/${name}`;
  }

  /** Ends all sessions of one: who uses it finds them gone in the middle. */
  async endSessions(url: string): Promise<void> {
    const name = url.slice(url.lastIndexOf("/") + 1);
    await this.onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  }

  /** Runs a statement for the server itself. */
  async onServer(statement: string): Promise<void> {
    const client = new Client({ connectionString: `${this.#server}/postgres` });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  /** Drops all of them, whoever has them open. */
  async drop(): Promise<void> {
    for (const name of this.#made.splice(0)) await this.onServer(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}
