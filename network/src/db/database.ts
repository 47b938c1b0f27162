// Which recovery database a command is about: a server's, or the embedded one in a folder.
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";

/** What a command line says about its database. */
export interface DatabaseOptions {
  readonly databaseUrl?: string;
  readonly databaseFolder?: string;
}

/** Adds the options to a command. */
export function withDatabase(command: Command): Command {
  return command
    .option(
      "--database-url <url>",
      "PostgreSQL server, such as postgres://user@host:5432/name; missing parts come from PGUSER, PGPASSWORD, PGPORT, " +
        "PGDATABASE and the account (DATABASE_URL)",
    )
    .option(
      "--database-folder <dir>",
      "without a URL: folder of the embedded database, for one process at a time (FOGBOW_DATABASE_FOLDER)",
    );
}

/** A database that is open, and what to call it. */
export interface OpenDatabase {
  readonly db: RecoveryDb;
  /** Without its password. */
  readonly name: string;
}

/** Opens it. Throws `invalid-argument` when none is named, and as `openRecoveryDb` does. */
export async function openDatabase(options: DatabaseOptions, env: Surroundings["env"]): Promise<OpenDatabase> {
  const url = given(options.databaseUrl) ?? given(env.DATABASE_URL);
  if (url !== undefined) return { db: await openRecoveryDb({ url, env }), name: withoutPassword(url) };
  const folder = databaseFolder(options, env);
  if (folder === undefined) {
    throw new CommandError("invalid-argument", "Name a database: --database-url, DATABASE_URL or --database-folder.");
  }
  return { db: await openRecoveryDb({ folder }), name: folder };
}

/** The folder of the embedded database, if one is named. */
export function databaseFolder(options: DatabaseOptions, env: Surroundings["env"]): string | undefined {
  return given(options.databaseFolder) ?? given(env.FOGBOW_DATABASE_FOLDER);
}

/** Does something with the database and closes it. */
export async function withOpenDatabase<Result>(
  options: DatabaseOptions,
  env: Surroundings["env"],
  use: (database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(options, env);
  try {
    return await use(database);
  } finally {
    await database.db.close();
  }
}

const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

/** What `openRecoveryDb` has taken is a URL. */
function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = "";
  url.searchParams.delete("password");
  return url.href;
}
