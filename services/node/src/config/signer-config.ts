// Who may configure the minting of a token, as tokens.json writes it (spec 05 §4.4).
import { isValidSignerSet, type SignerSet } from "@fogbow/core-transaction";
import { SIGNER_DEPTH_MAX, TOKENS_MAX } from "./limits.ts";
import { parsePemPublicKey } from "./message-key.ts";
import type { Table } from "./table.ts";

type Identities = ReadonlyMap<string, Table>;

/** The signers in a table. Throws `unknown-signer`, `signers-nested-too-deep`, `invalid-signer-set`, `invalid-signer-key`. */
export function parseSigners(table: Table, identities: Identities): SignerSet {
  const set = parseSigner(table, identities, 0);
  if (!isValidSignerSet(set)) {
    const count = set.signers.length + set.multiSigners.length;
    throw table.error(
      "invalid-signer-set",
      "threshold",
      "A threshold is at least 1 and at most the number of signers.",
      [`threshold ${set.threshold}`, `${count} signers`],
    );
  }
  return set;
}

function parseSigner(table: Table, identities: Identities, depth: number): SignerSet {
  const type = table.required("type", table.text("type"));
  if (depth >= SIGNER_DEPTH_MAX) {
    const message = `Signers contain signers, at most ${SIGNER_DEPTH_MAX} levels deep.`;
    throw table.error("signers-nested-too-deep", "type", message, [`${depth + 1}`, `${SIGNER_DEPTH_MAX}`]);
  }
  const set = parseKind(type, table, identities, depth);
  table.end();
  return set;
}

function parseKind(type: string, table: Table, identities: Identities, depth: number): SignerSet {
  switch (type) {
    case "Single": {
      const key = parsePemPublicKey(table.required("pub_key", table.text("pub_key")), table.place("pub_key"));
      return { signers: [key], multiSigners: [], threshold: 1 };
    }
    case "MultiSig": {
      const threshold = table.required("threshold", table.integer("threshold"));
      const sets = table.tables("signers", TOKENS_MAX).map((each) => parseSigner(each, identities, depth + 1));
      // A set of one key is that key.
      const isKey = ({ signers, multiSigners }: SignerSet): boolean =>
        signers.length === 1 && multiSigners.length === 0;
      return {
        signers: sets.filter(isKey).flatMap(({ signers }) => signers),
        multiSigners: sets.filter((set) => !isKey(set)),
        threshold: Number(threshold),
      };
    }
    case "Identity": {
      const name = table.required("name", table.text("name"));
      const identity = identities.get(name);
      if (identity === undefined) {
        const known = [...identities.keys()].join(", ") || "none";
        throw table.error("unknown-signer", "name", `There is no signer ${name}; there are ${known}.`, [name, known]);
      }
      return parseSigner(identity, identities, depth + 1);
    }
    default: {
      const expected = "Single, MultiSig or Identity";
      throw table.error("out-of-range", "type", `A signer is ${expected}, and not ${type}.`, [type, expected]);
    }
  }
}
