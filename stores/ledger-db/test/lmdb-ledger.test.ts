// The stored ledger keeps what every ledger promises.
import { createLedger } from "../src/index.ts";
import { describeLedger } from "./compliance.ts";
import { newDirectory } from "./directories.ts";
import { describeMinting } from "./minting-compliance.ts";

describeLedger("a stored ledger", () => createLedger(newDirectory()));
describeMinting("a stored ledger", () => createLedger(newDirectory()));
