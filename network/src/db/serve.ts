// `fogbow db serve`: owns the embedded database and offers it to the other roles of this machine.
import { openRecoveryDb, serveEmbedded } from "@fogbow/recovery-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { databaseFolder } from "./database.ts";

interface ServeOptions extends JsonOption {
  readonly databaseFolder?: string;
  readonly host: string;
  readonly port: string;
}

/** Adds the command. */
export function addServeCommand(db: Command, surroundings: Surroundings): void {
  const command = db
    .command("serve")
    .description(
      "own the embedded database, migrate it, and offer it to processes of this machine until a signal ends it. There is " +
        "no password: whoever can connect to the loopback may read and write everything",
    )
    .option("--database-folder <dir>", "its folder, made when it is not there (FOGBOW_DATABASE_FOLDER)")
    .option("--host <address>", "127.0.0.1 or ::1", "127.0.0.1")
    .option("--port <port>", "0 for any", "5433")
    .option("--json", JSON_HELP)
    .action((options: ServeOptions) => serve(options, surroundings));
  withExamples(command, [
    ["fogbow db serve --database-folder recovery-db", "offers postgres://fogbow@127.0.0.1:5433/postgres"],
    ["fogbow db serve --database-folder recovery-db --port 0 --json", "at any port, which is printed"],
  ]);
}

async function serve(options: ServeOptions, surroundings: Surroundings): Promise<void> {
  const stop = stopSignal(surroundings);
  const folder = databaseFolder(options, surroundings.env);
  if (folder === undefined) throw new CommandError("invalid-argument", "--database-folder is missing.");
  const { host } = options;
  if (host !== "127.0.0.1" && host !== "::1") {
    throw new CommandError("invalid-argument", "The database is offered on the loopback only: 127.0.0.1 or ::1.");
  }
  if (!/^\d{1,5}$/.test(options.port) || Number(options.port) > 65_535) {
    throw new CommandError("invalid-argument", "--port is a number up to 65535.");
  }
  const server = await serveEmbedded({ folder, host, port: Number(options.port) });
  try {
    const db = await openRecoveryDb({ url: server.url });
    await db.migrate().finally(() => db.close());
    const facts = { folder, databaseUrl: server.url };
    surroundings.stdout.write(
      options.json === true
        ? jsonLine(facts)
        : rows([
            ["folder", folder],
            ["DATABASE_URL", server.url],
          ]),
    );
    await stop;
  } finally {
    await server.close();
  }
}
