// The ledger in memory keeps what every ledger promises.
import { MemoryLedger } from "../src/index.ts";
import { describeLedger } from "./compliance.ts";

describeLedger("a ledger in memory", () => new MemoryLedger());
