// A forgetting ledger keeps what every ledger promises, as far as it keeps anything.
import { describeForgetting } from "./compliance.ts";
import { unsealedLedger } from "./unsealed-ledger.ts";

describeForgetting("a ledger that forgets", unsealedLedger);
