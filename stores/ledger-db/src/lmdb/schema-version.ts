// The stamp that says which form a stored ledger has. An unknown form is refused: reading it wrongly would be worse.
import { utf8 } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, MetadataVersionSchema } from "@fogbow/core-wire";
import { LedgerError } from "../error.ts";
import { VALUE_BYTES_MAX } from "../limits.ts";
import type { Tables } from "./tables.ts";

/** The form of the tables that this program reads and writes: that of spec 02 §8.7, but for the indexes of `key-index.ts`. */
export const SCHEMA_VERSION = 20261130n;

/** The form of the tables of a ledger that forgets: the same tables, with tags for keys and seals for values, or empty. */
export const FORGETTING_SCHEMA_VERSION = 220261130n;

const VERSION_KEY = utf8("version");

/** Marks a new ledger of a form as complete. Only within a transaction. */
export function stampSchemaVersion({ about }: Pick<Tables, "about">, form: bigint): void {
  const stamp = { databaseFormatVersion: form, createdBy: "fogbow 0.1.0" };
  about.put(VERSION_KEY, encodeMessage(MetadataVersionSchema, stamp));
}

/** Whether the ledger was ever stamped; a creation that was cut short was not. */
export function isStamped({ about }: Pick<Tables, "about">): boolean {
  return about.get(VERSION_KEY) !== undefined;
}

/** Throws `ledger-not-found` without a stamp and `unknown-schema-version` with another form than this one. */
export function assertSchemaVersion({ about }: Pick<Tables, "about">, form: bigint): void {
  const encoded = about.get(VERSION_KEY);
  if (encoded === undefined) {
    throw new LedgerError("ledger-not-found", "The ledger was never finished.");
  }
  const version = tryReadVersion(encoded);
  if (version !== form) {
    throw new LedgerError(
      "unknown-schema-version",
      isOtherRetention(version)
        ? `This is the ledger of a node that ${version === SCHEMA_VERSION ? "keeps everything" : "forgets"}: use another directory, or the other retention.`
        : `The ledger has form ${version ?? "unreadable"}, this program knows ${form}: export it with the program that wrote it and import it here.`,
    );
  }
}

const isOtherRetention = (version: bigint | undefined): boolean =>
  version === SCHEMA_VERSION || version === FORGETTING_SCHEMA_VERSION;

function tryReadVersion(encoded: Uint8Array): bigint | undefined {
  try {
    return decodeMessage(MetadataVersionSchema, encoded, { bytesMax: VALUE_BYTES_MAX }).databaseFormatVersion;
  } catch {
    return undefined; // Whatever it is, it is no version that this program knows.
  }
}
