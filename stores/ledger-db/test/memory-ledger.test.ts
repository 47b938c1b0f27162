// The ledger in memory keeps what every ledger promises.
import { MemoryLedger } from "../src/index.ts";
import { describeLedger } from "./compliance.ts";
import { describeMinting } from "./minting-compliance.ts";

describeLedger("a ledger in memory", () => new MemoryLedger());
describeMinting("a ledger in memory", () => new MemoryLedger());
