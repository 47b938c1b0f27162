// A process that waits for a line, appends blocks to a ledger until there are no more, then waits to be killed. Run with the kind of
// ledger, its directory and a folder of files named by block index: of an `archive` archived blocks, of a `forget` one answers of
// `absorb-block`. Prints a line for each block once it is stored, or the code of the error that stopped it and how many blocks the
// ledger then has.
import { once } from "node:events";
import { existsSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { blockFromWire, contentsFromWire, parseArchiveBlock } from "@fogbow/core-block";
import { decodeMessage, FormBlockResponseSchema } from "@fogbow/core-wire";
import { openForgetLedger, openLedger } from "@fogbow/ledger-db";

const KINDS = {
  archive: { open: openLedger, read: (bytes, index) => [parseArchiveBlock(bytes, index)] },
  forget: {
    open: openForgetLedger,
    read: (bytes) => {
      const { block, contents, sealed } = decodeMessage(FormBlockResponseSchema, bytes, { bytesMax: 16_777_216 });
      const data = { block: blockFromWire(block), contents: contentsFromWire(contents) };
      return [{ ...data, signature: undefined, metadata: undefined }, sealed];
    },
  },
};

const [kind, directory, folder] = process.argv.slice(2);
const { open, read } = KINDS[kind];
const print = (text) => writeSync(1, `${text}\n`);

await once(process.stdin, "data");
try {
  const ledger = open(directory);
  print("open");
  for (;;) {
    const index = ledger.numBlocks();
    const path = join(folder, `${index}`);
    if (!existsSync(path)) {
      break;
    }
    const block = read(readFileSync(path), index);
    try {
      ledger.append(...block);
    } catch (error) {
      print(`refused ${error.code} ${ledger.numBlocks()}`);
      break;
    }
    print(`stored ${index}`);
  }
} catch (error) {
  print(`refused ${error.code}`);
}
setInterval(() => {}, 1_000);
