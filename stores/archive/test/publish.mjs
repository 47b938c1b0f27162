// A process that publishes a ledger to a folder until it is killed. Run with the ledger's directory and the folder, on the built
// packages. Prints a line once it begins.
import { writeSync } from "node:fs";
import { ArchivePublisher, folderFiles } from "@fogbow/archive";
import { openLedger } from "@fogbow/ledger-db";

const [directory, folder] = process.argv.slice(2);
const ledger = openLedger(directory, { readOnly: true });
const publisher = new ArchivePublisher({ pollMs: 5 }, { ledger, destination: folderFiles(folder) });
writeSync(1, "begin\n");
await publisher.run();
