// `fogbow ledger init DIR`: a new ledger with its origin block.
import { decodePrintable } from "@fogbow/core-account";
import { type Allocation, type NewBlock, originBlock, originBlockFromSeed } from "@fogbow/core-block";
import { CodedError, fromHex, fromUtf8, parseMob, toHex } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import { decodeTxOut } from "@fogbow/core-transaction";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseHex32 } from "./arguments.ts";
import { ORIGIN_FILE_BYTES_MAX } from "./limits.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, rows } from "./output.ts";
import { readNamedFile, readStdin } from "./read-bounded.ts";
import { storeOrigin } from "./store-origin.ts";

interface InitOptions extends JsonOption {
  readonly seed?: string;
}

/** Adds the command. */
export function addInitCommand(ledger: Command, surroundings: Surroundings): void {
  const { stdout } = surroundings;
  ledger
    .command("init")
    .description(
      "make a ledger with an origin block from a JSON list: encoded outputs in hex, or with --seed allocations " +
        '{"address": "<printable address>", "mob": "1.5"}, each with an "ingressKey" in hex if its Fog is to find it',
    )
    .argument("<dir>", "directory of the new ledger")
    .argument("[file]", "the list; standard input without it, or with -", "-")
    .option("--seed <hex>", "64 hex digits that decide every random choice; who knows them sees what the outputs hold")
    .option("--json", JSON_HELP)
    .action(async (directory: string, file: string, { seed, json }: InitOptions) => {
      const seedBytes = seed === undefined ? undefined : parseHex32(seed, "A seed");
      const encoded =
        file === "-"
          ? await readStdin(surroundings, ORIGIN_FILE_BYTES_MAX)
          : await readNamedFile(file, ORIGIN_FILE_BYTES_MAX);
      const origin = originFrom(parseList(encoded), seedBytes);
      await storeOrigin(directory, { ...origin, signature: undefined, metadata: undefined }).close();
      const facts = { id: toHex(origin.block.id), txOuts: origin.block.cumulativeTxoCount };
      stdout.write(
        json === true
          ? jsonLine(facts)
          : rows([
              ["made", `ledger with an origin block of ${counted(facts.txOuts, "output")}`],
              ["id", facts.id],
            ]),
      );
    });
}

function parseList(encoded: Uint8Array): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(fromUtf8(encoded));
  } catch (cause) {
    throw new CommandError("invalid-origin", "What an origin block is made from is not JSON.", { cause });
  }
  if (!Array.isArray(list)) {
    throw new CommandError("invalid-origin", "What an origin block is made from is not a JSON list.");
  }
  return list;
}

function originFrom(list: readonly unknown[], seed: Uint8Array | undefined): NewBlock {
  return seed === undefined
    ? originBlock(list.map(entryParser("an encoded output in hex", (entry) => decodeTxOut(fromHex(textOf(entry))))))
    : originBlockFromSeed(seed, list.map(entryParser("an allocation", parseAllocation)));
}

/** Parses entries; what is wrong with one is said with its place in the list. */
function entryParser<Entry>(what: string, parse: (entry: unknown) => Entry): (entry: unknown, place: number) => Entry {
  return (entry, place) => {
    try {
      return parse(entry);
    } catch (cause) {
      if (!(cause instanceof CodedError)) {
        throw cause;
      }
      const message = `Entry ${place} of the list is not ${what}: ${cause.message}`;
      throw new CommandError("invalid-origin", message, { cause });
    }
  };
}

function parseAllocation(entry: unknown): Allocation {
  if (typeof entry !== "object" || entry === null) {
    throw new CommandError("invalid-origin", "It is not an object.");
  }
  const { address, mob, ingressKey, ...others }: Readonly<Record<string, unknown>> = { ...entry };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new CommandError("invalid-origin", "It has a field that is not address, mob or ingressKey.");
  }
  const code = decodePrintable(textOf(address));
  if (code.kind !== "public-address") {
    throw new CommandError("invalid-origin", `Its code is not an address but a ${code.kind}.`);
  }
  return {
    recipient: code.publicAddress,
    value: parseMob(textOf(mob)),
    ...(ingressKey !== undefined && { ingressKey: publicKey(fromHex(textOf(ingressKey))) }),
  };
}

function textOf(value: unknown): string {
  if (typeof value !== "string") {
    throw new CommandError("invalid-origin", "A text is missing.");
  }
  return value;
}
