// A process that waits for a line, appends sealed blocks to a forgetting ledger until there are no more, then waits to be killed.
// Run with the ledger's directory and a folder of answers of `absorb-block`, named by block index. Prints a line for each block once
// it is stored, or the code of the error that stopped it and how many blocks the ledger then has.
import { once } from "node:events";
import { existsSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { blockFromWire, contentsFromWire } from "@fogbow/core-block";
import { decodeMessage, FormBlockResponseSchema } from "@fogbow/core-wire";
import { openForgetLedger } from "@fogbow/ledger-db";

const [directory, folder] = process.argv.slice(2);
const print = (text) => writeSync(1, `${text}\n`);

await once(process.stdin, "data");
try {
  const ledger = openForgetLedger(directory);
  print("open");
  for (;;) {
    const index = ledger.numBlocks();
    const path = join(folder, `${index}`);
    if (!existsSync(path)) {
      break;
    }
    const answer = decodeMessage(FormBlockResponseSchema, readFileSync(path), { bytesMax: 16_777_216 });
    const data = { block: blockFromWire(answer.block), contents: contentsFromWire(answer.contents) };
    try {
      ledger.append({ ...data, signature: undefined, metadata: undefined }, answer.sealed);
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
