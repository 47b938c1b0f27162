// A process that waits for a line, appends archived blocks to a ledger until there are no more, then waits to be killed.
// Run with the ledger's directory and a folder of files named by block index. Prints a line for each block once it is stored, or
// the code of the error that stopped it and how many blocks the ledger then has.
import { once } from "node:events";
import { existsSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArchiveBlock } from "@fogbow/core-block";
import { openLedger } from "@fogbow/ledger-db";

const [directory, archive] = process.argv.slice(2);
const print = (text) => writeSync(1, `${text}\n`);

await once(process.stdin, "data");
try {
  const ledger = openLedger(directory);
  print("open");
  for (;;) {
    const index = ledger.numBlocks();
    const path = join(archive, `${index}`);
    if (!existsSync(path)) {
      break;
    }
    const data = parseArchiveBlock(readFileSync(path), index);
    try {
      ledger.append(data);
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
